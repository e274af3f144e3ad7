using System.Net;
using System.Text;
using System.Text.Json;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>What nobody should send, and what only operations look at; one service for all, which has to stay alive.</summary>
public sealed class HostileRequestTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    private readonly TestService _service = fixture.Service;

    [Theory]
    [InlineData("/")]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/metrics")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/api/v1/jobs")]
    [InlineData("/api/v1/runs")]
    public async Task What_operations_ask_for_is_there(string path)
    {
        using var response = await _service.Http.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("{", 400)]
    [InlineData("[]", 400)]
    [InlineData("{}", 400)]
    [InlineData("{\"job_name\": 1, \"job_url\": \"/x\"}", 400)]
    [InlineData("{\"job_name\": \"../x\", \"job_url\": \"https://example.test/x\"}", 400)]
    [InlineData("{\"job_name\": \"A\", \"job_url\": \"https://example.test/x\"}", 400)]
    [InlineData("{\"job_name\": \"-x\", \"job_url\": \"https://example.test/x\"}", 400)]
    [InlineData("{\"job_name\": \"job\", \"job_url\": \"ext::sh -c id\"}", 400)]
    [InlineData("{\"job_name\": \"job\", \"job_url\": \"--upload-pack=id\"}", 400)]
    [InlineData("{\"job_name\": \"job\", \"job_url\": \"file:///etc\"}", 422)]
    [InlineData("{\"job_name\": \"job\", \"job_url\": \"http://169.254.169.254/x\"}", 400)]
    [InlineData("{\"job_name\": \"job\", \"job_url\": \"https://169.254.169.254/x\"}", 400)]
    [InlineData("{\"job_name\": \"job\", \"job_url\": \"https://127.0.0.1:1/x\"}", 400)]
    [InlineData("{\"job_name\": \"job\", \"job_url\": \"https://[::1]/x\"}", 400)]
    [InlineData("{\"job_name\": \"job\", \"job_url\": \"https://[::]/x\"}", 400)]
    [InlineData("{\"job_name\": \"job\", \"job_url\": \"https://[::ffff:169.254.169.254]/x\"}", 400)]
    [InlineData("{\"job_name\": \"job\", \"job_url\": \"https://[::169.254.169.254]/x\"}", 400)]
    [InlineData("{\"job_name\": \"job\", \"job_url\": \"https://[64:ff9b::a9fe:a9fe]/x\"}", 400)]
    [InlineData("{\"job_name\": \"job\", \"job_url\": \"https://[fe80::1]/x\"}", 400)]
    [InlineData("{\"job_name\": \"job\", \"job_url\": \"https://0/x\"}", 400)]
    [InlineData("{\"job_name\": \"job\", \"job_url\": \"https://no-such-host.invalid/x\"}", 503)]
    [InlineData("{\"job_name\": \"job\", \"job_url\": \"/tmp\", \"ref\": \"--help\"}", 400)]
    [InlineData("{\"job_name\": \"job\", \"job_url\": \"/tmp\", \"unknown\": 1}", 400)]
    public async Task A_hostile_request_gets_one_clear_answer(string body, int expected)
    {
        using var response = await _service.Http.PostAsync("/run", new StringContent(body, Encoding.UTF8, "application/json"));
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal(expected, (int)response.StatusCode);
        Assert.NotEqual("about:blank", problem.GetProperty("type").GetString());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task Ten_megabytes_of_nesting_and_other_types_are_refused()
    {
        using var body = new HttpRequestMessage(HttpMethod.Post, "/run") { Content = new StringContent(new string('[', 10 << 20), Encoding.UTF8, "application/json") };
        body.Headers.ExpectContinue = true;
        using var large = await _service.Http.SendAsync(body);
        using var deep = await _service.Http.PostAsync("/run", new StringContent(new string('[', 10_000), Encoding.UTF8, "application/json"));
        using var text = await _service.Http.PostAsync("/run", new StringContent("{}", Encoding.UTF8, "text/plain"));
        using var longName = await _service.PostAsync(new { job_name = new string('a', 300), job_url = "/tmp" });

        Assert.Equal(413, (int)large.StatusCode);
        Assert.Equal(400, (int)deep.StatusCode);
        Assert.Equal(415, (int)text.StatusCode);
        Assert.Equal(400, (int)longName.StatusCode);
    }

    [Fact]
    public async Task A_foreign_host_or_origin_is_refused()
    {
        using var host = new HttpRequestMessage(HttpMethod.Get, "/api/v1/jobs");
        host.Headers.Host = "evil.example";
        using var origin = new HttpRequestMessage(HttpMethod.Get, "/api/v1/jobs");
        origin.Headers.Add("Origin", "https://evil.example");

        Assert.Equal(400, (int)(await _service.Http.SendAsync(host)).StatusCode);
        Assert.Equal(403, (int)(await _service.Http.SendAsync(origin)).StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/runs/nope")]
    [InlineData("/api/v1/runs/nope/events")]
    [InlineData("/api/v1/runs/nope/log?task=x")]
    [InlineData("/api/v1/jobs/nope")]
    [InlineData("/api/v1/jobs/..%2f..%2fetc/commits/0000000")]
    [InlineData("/api/v1/jobs/job/commits/0000000/data/..%2f..%2fetc%2fpasswd")]
    [InlineData("/nowhere")]
    public async Task What_is_not_there_is_a_404_problem(string path)
    {
        using var response = await _service.Http.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_state_folder_that_cannot_be_used_is_told_as_that()
    {
        using var repository = await TestRepository.CreateAsync(("dependencies.yaml", "a: {command: 'true', code: [dependencies.yaml]}"));
        var store = Directory.CreateDirectory(Path.Combine(_service.State, "store"));
        await File.WriteAllTextAsync(Path.Combine(store.FullName, "in-the-way"), "");

        using var response = await _service.PostAsync(new { job_name = "in-the-way", job_url = repository.Path });
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("in-the-way", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
