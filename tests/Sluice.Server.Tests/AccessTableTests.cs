using System.Net.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Core.Running;
using Sluice.Server.Hosting;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>Every endpoint against everybody: what is in no row here is not an endpoint.</summary>
public sealed class AccessTableTests(AccessFixture fixture) : IClassFixture<AccessFixture>
{
    // What each gets where nothing of the name is there: 404 and the like are the endpoint's own words, behind access control.
    private static readonly (string Endpoint, string Anonymous, string Viewer, string Runner, string Admin)[] Table =
    [
        ("GET /", "200", "200", "200", "200"),
        ("GET /healthz", "200", "200", "200", "200"),
        ("GET /readyz", "200", "200", "200", "200"),
        ("GET /metrics", "401", "200", "200", "200"),
        ("GET /openapi/v1.json", "401", "200", "200", "200"),
        ("POST /run", "401", "403", "400", "400"),
        ("POST /sync", "401", "403", "400", "400"),
        ("POST /hooks/github", "401", "403", "501", "501"),
        ("POST /api/v1/plan", "401", "403", "400", "400"),
        ("GET /api/v1/jobs", "401", "200", "200", "200"),
        ("GET /api/v1/jobs/{job}", "401", "404", "404", "404"),
        ("GET /api/v1/jobs/{job}/runs", "401", "404", "404", "404"),
        ("GET /api/v1/jobs/{job}/commits/{sha}", "401", "404", "404", "404"),
        ("GET /api/v1/jobs/{job}/commits/{sha}/data/{**path}", "401", "404", "404", "404"),
        ("GET /api/v1/jobs/{job}/history", "401", "400", "400", "400"),
        ("GET /api/v1/jobs/{job}/diff", "401", "400", "400", "400"),
        ("GET /api/v1/runs", "401", "200", "200", "200"),
        ("GET /api/v1/runs/{id}", "401", "404", "404", "404"),
        ("GET /api/v1/runs/{id}/tasks", "401", "404", "404", "404"),
        ("GET /api/v1/runs/{id}/why", "401", "404", "404", "404"),
        ("GET /api/v1/runs/{id}/events", "401", "404", "404", "404"),
        ("GET /api/v1/runs/{id}/graph", "401", "404", "404", "404"),
        ("GET /api/v1/runs/{id}/log", "401", "400", "400", "400"),
        ("GET /api/v1/runs/{id}/manifest", "401", "404", "404", "404"),
        ("POST /api/v1/runs/{id}/cancel", "401", "403", "404", "404"),
    ];

    public static TheoryData<string, string, string, string, string> Rows => new(Table);

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task An_endpoint_answers_everybody_as_the_table_says(string endpoint, string anonymous, string viewer, string runner, string admin)
    {
        Assert.Equal(anonymous, await StatusAsync(endpoint, null));
        Assert.Equal(viewer, await StatusAsync(endpoint, "Bearer viewer"));
        Assert.Equal(runner, await StatusAsync(endpoint, "Bearer runner"));
        Assert.Equal(admin, await StatusAsync(endpoint, "Bearer admin"));
    }

    [Fact]
    public async Task The_table_has_every_endpoint()
    {
        using var state = new TempFolder();
        await using var sluice = EmbeddedSluice.TryOpen(
            new SluiceSettings { State = new StateFolder(state.Path) }, NullLoggerFactory.Instance, TimeProvider.System, RunTrigger.Api)!;
        await using var app = SluiceServer.Build(sluice, _ => { });

        var endpoints = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).Cast<RouteEndpoint>()
            .Select(it => $"{it.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods[0]} /{it.RoutePattern.RawText!.Trim('/')}");

        Assert.Equal(Table.Select(row => row.Endpoint).Order(StringComparer.Ordinal), endpoints.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("HEAD", "/metrics", 401)]
    [InlineData("HEAD", "/healthz", 200)]
    [InlineData("GET", "/nowhere", 404)]
    [InlineData("DELETE", "/api/v1/jobs", 405)]
    public async Task Other_methods_and_addresses_answer_as_ever(string method, string path, int expected)
    {
        using var response = await fixture.SendAsync(method, path, authorization: null);

        Assert.Equal(expected, (int)response.StatusCode);
    }

    private async Task<string> StatusAsync(string endpoint, string? authorization)
    {
        var (method, path) = (endpoint.Split(' ')[0], endpoint.Split(' ')[1].Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal).Replace("*", "", StringComparison.Ordinal));
        using var response = await fixture.SendAsync(method, path, authorization, method == "POST" ? JsonContent.Create(new { }) : null);
        return ((int)response.StatusCode).ToString();
    }
}
