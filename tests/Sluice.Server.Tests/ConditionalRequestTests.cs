using System.Net;
using System.Net.Http.Headers;
using Sluice.Client;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>HEAD, entity tags and ranges, and what every answer says of itself.</summary>
public sealed class ConditionalRequestTests(StoredRunFixture fixture) : IClassFixture<StoredRunFixture>
{
    private readonly TestService _service = fixture.Service;
    private readonly RunView _run = fixture.Run;

    [Fact]
    public async Task Head_works_wherever_get_does_and_has_no_body()
    {
        string[] paths =
        [
            "/", "/healthz", "/readyz", "/metrics", "/openapi/v1.json", "/api/v1/jobs", "/api/v1/jobs/job", "/api/v1/runs", $"/api/v1/runs/{_run.Id}",
            $"/api/v1/runs/{_run.Id}/events", $"/api/v1/runs/{_run.Id}/graph", $"/api/v1/runs/{_run.Id}/log?task=a", $"/api/v1/runs/{_run.Id}/manifest",
            $"/api/v1/jobs/job/commits/{_run.Commit}", Data, "/api/v1/runs/nope",
        ];
        foreach (var path in paths)
        {
            using var get = await _service.Http.GetAsync(path);
            using var head = await _service.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

            Assert.Equal((path, get.StatusCode), (path, head.StatusCode));
            Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }

        using var wrong = await _service.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/run"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrong.StatusCode);
    }

    [Theory]
    [InlineData("TAG")]
    [InlineData("\"x\", TAG")]
    [InlineData("W/TAG")]
    [InlineData("*")]
    public async Task A_graph_that_is_known_is_not_sent_again(string known)
    {
        var path = $"/api/v1/runs/{_run.Id}/graph";
        using var first = await _service.Http.GetAsync(path);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("If-None-Match", known.Replace("TAG", first.Headers.ETag!.Tag, StringComparison.Ordinal));
        using var again = await _service.Http.SendAsync(request);
        using var other = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "If-None-Match", "\"x\"" } } };

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        Assert.Equal(HttpStatusCode.OK, (await _service.Http.SendAsync(other)).StatusCode);
    }

    [Fact]
    public async Task A_range_outside_of_the_file_is_a_problem_that_names_its_size()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Data);
        request.Headers.Range = new RangeHeaderValue(100, 200);
        using var response = await _service.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(2, response.Content.Headers.ContentRange!.Length);
        Assert.Contains("2 bytes", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/openapi/v2.json", 404, null)]
    [InlineData("/api/v1/runs/nope", 404, null)]
    [InlineData("/api/v1/runs?limit=x", 400, null)]
    [InlineData("/run", 405, null)]
    [InlineData("/healthz", 400, "evil.example")]
    public async Task Every_problem_is_one_and_is_never_sniffed(string path, int status, string? host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        using var response = await _service.Http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    private string Data => $"/api/v1/jobs/job/commits/{_run.Commit}/data/o";
}
