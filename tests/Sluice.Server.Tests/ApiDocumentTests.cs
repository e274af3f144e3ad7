using System.Text.Json;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>What <c>/openapi/v1.json</c> tells those who make clients from it.</summary>
public sealed class ApiDocumentTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    [Fact]
    public async Task Every_operation_has_a_name_a_summary_an_answer_and_a_problem()
    {
        var document = await ReadAsync();
        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject(), (path, operation) => (Name: $"{operation.Name} {path.Name}", operation.Value))
            .ToList();

        Assert.Equal("Sluice", document.GetProperty("info").GetProperty("title").GetString());
        Assert.Equal(24, operations.Count);
        Assert.DoesNotContain(operations, it => it.Name.StartsWith("head", StringComparison.Ordinal));
        Assert.Equal(operations.Count, operations.Select(it => it.Value.GetProperty("operationId").GetString()).Distinct().Count());
        Assert.All(operations, it => Assert.NotEmpty(it.Value.GetProperty("summary").GetString()!));
        Assert.All(operations, it => Assert.Contains(it.Value.GetProperty("responses").EnumerateObject(), IsProblem));
        Assert.All(
            operations.Where(it => it.Name is not "post /hooks/github"),
            it => Assert.Contains(it.Value.GetProperty("responses").EnumerateObject(), answer => answer.Name[0] == '2' && answer.Value.TryGetProperty("content", out _)));
    }

    [Theory]
    [InlineData("/run", "post", "200 201 202 400 401 403 409 413 415 422 429 502 503")]
    [InlineData("/healthz", "get", "200 400 403")]
    [InlineData("/sync", "post", "200 201 202 400 401 403 409 413 415 422 429 502 503")]
    [InlineData("/api/v1/runs/{id}/cancel", "post", "202 400 401 403 404 415 429 503")]
    [InlineData("/api/v1/runs/{id}/graph", "get", "200 304 400 401 403 404 422 429 503")]
    [InlineData("/api/v1/jobs/{job}/commits/{sha}/data/{path}", "get", "200 206 304 400 401 403 404 412 416 429 503")]
    public async Task An_operation_declares_what_it_answers(string path, string method, string statuses)
    {
        var responses = (await ReadAsync()).GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("responses");

        Assert.Equal(statuses, string.Join(' ', responses.EnumerateObject().Select(it => it.Name).Order(StringComparer.Ordinal)));
        Assert.All(
            responses.EnumerateObject().Where(it => it.Name is "201" or "202"), it => Assert.True(it.Value.GetProperty("headers").TryGetProperty("Location", out _)));
    }

    [Theory]
    [InlineData("events", "text/event-stream")]
    [InlineData("log", "text/plain")]
    [InlineData("manifest", "application/yaml")]
    public async Task An_answer_that_is_not_json_says_what_it_is(string what, string type)
    {
        var operation = (await ReadAsync()).GetProperty("paths").GetProperty($"/api/v1/runs/{{id}}/{what}").GetProperty("get");

        Assert.Equal([type], operation.GetProperty("responses").GetProperty("200").GetProperty("content").EnumerateObject().Select(it => it.Name));
    }

    [Fact]
    public async Task The_schemas_say_what_is_there_and_which_words_there_are()
    {
        var schemas = (await ReadAsync()).GetProperty("components").GetProperty("schemas");
        var run = schemas.GetProperty("RunView");
        var task = schemas.GetProperty("TaskView").GetProperty("properties");

        Assert.Equal(["job_name", "job_url"], Texts(schemas.GetProperty("RunRequest").GetProperty("required")));
        Assert.Equal("string", schemas.GetProperty("RunRequest").GetProperty("properties").GetProperty("job_url").GetProperty("type").GetString());
        Assert.Equal(run.GetProperty("properties").EnumerateObject().Select(it => it.Name), Texts(run.GetProperty("required")));
        Assert.Equal(
            ["queued", "planning", "running", "publishing", "succeeded", "failed", "cancelled"],
            Texts(run.GetProperty("properties").GetProperty("status").GetProperty("enum")));
        Assert.Equal(["unchanged", "cached", "run", "may_run"], Texts(task.GetProperty("planned").GetProperty("enum")));
        Assert.Equal(
            ["pending", "running", "unchanged", "cached", "adopted", "executed", "cut_off", "failed", "skipped", "cancelled", null],
            Texts(task.GetProperty("state").GetProperty("enum")));
        Assert.Contains("code_changed", Texts(schemas.GetProperty("ReasonView").GetProperty("properties").GetProperty("code").GetProperty("enum")));
        Assert.Equal(["null", "integer"], Texts(task.GetProperty("exit_code").GetProperty("type")));
        Assert.False(schemas.GetProperty("PlanView").GetProperty("properties").TryGetProperty("status", out _));
    }

    [Fact]
    public async Task What_needs_a_token_says_so()
    {
        var document = await ReadAsync();
        var scheme = document.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer");
        var open = document.GetProperty("paths").EnumerateObject()
            .Where(path => path.Value.EnumerateObject().Any(operation => !operation.Value.TryGetProperty("security", out _)))
            .Select(path => path.Name);

        Assert.Equal(["http", "bearer"], [scheme.GetProperty("type").GetString(), scheme.GetProperty("scheme").GetString()]);
        Assert.Equal(["/", "/healthz", "/readyz"], open);
        Assert.True(document.GetProperty("paths").GetProperty("/run").GetProperty("post").GetProperty("security")[0].TryGetProperty("bearer", out _));
    }

    private static bool IsProblem(JsonProperty answer) =>
        answer.Name[0] is '4' or '5' && answer.Value.GetProperty("content").TryGetProperty("application/problem+json", out _);

    private static IEnumerable<string?> Texts(JsonElement list) => list.EnumerateArray().Select(it => it.GetString());

    private async Task<JsonElement> ReadAsync()
    {
        using var document = JsonDocument.Parse(await fixture.Service.Http.GetStringAsync("/openapi/v1.json"));
        return document.RootElement.Clone();
    }
}
