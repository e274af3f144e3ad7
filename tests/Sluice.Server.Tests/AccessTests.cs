using System.Net;
using System.Text.Json;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>What is said to those who may not, and how a file of tokens changes under a service.</summary>
public sealed class AccessTests(AccessFixture fixture) : IClassFixture<AccessFixture>, IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private TestService? _service;

    [Fact]
    public async Task Who_has_no_token_is_asked_for_one()
    {
        using var response = await fixture.SendAsync("GET", "/api/v1/jobs", authorization: null);

        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal("urn:sluice:problem:no-token", await TypeAsync(response, 401));
    }

    [Fact]
    public async Task Who_may_not_is_told_which_role_may()
    {
        using var response = await fixture.SendAsync("POST", "/sync", "Bearer viewer");
        var body = await response.Content.ReadAsStringAsync();

        Assert.Contains("the role viewer; this needs one with the role runner or admin", body, StringComparison.Ordinal);
        Assert.Equal("urn:sluice:problem:role-too-low", await TypeAsync(response, 403));
    }

    [Theory]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearerviewer")]
    [InlineData("Basic dmlld2VyOnZpZXdlcg==")]
    [InlineData("viewer")]
    public async Task A_wrong_header_is_refused_and_the_open_addresses_stay_open(string header)
    {
        await StartAsync(AccessFixture.LineOf("viewer"), ("SLUICE_AUTH__ANONYMOUS", "run"));

        Assert.Equal("urn:sluice:problem:wrong-token", await TypeAsync(await GetAsync("/api/v1/jobs", header), 401));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/healthz", header)).StatusCode);
    }

    [Fact]
    public async Task Ten_wrong_tokens_in_a_minute_are_enough_and_a_right_one_passes_all_the_same()
    {
        await StartAsync(AccessFixture.LineOf("viewer"));
        for (var number = 0; number < 10; number++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/api/v1/jobs", "Bearer wrong" + number)).StatusCode);
        }

        using var limited = await GetAsync("/api/v1/jobs", "Bearer wrong");

        Assert.InRange(limited.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.Equal("urn:sluice:problem:too-many-tries", await TypeAsync(limited, 429));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/api/v1/jobs", "Bearer viewer")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/api/v1/jobs", null)).StatusCode);
    }

    [Theory]
    [InlineData("none", 401, 401)]
    [InlineData("read", 200, 401)]
    [InlineData("run", 200, 400)]
    public async Task Without_a_token_one_may_what_is_set(string anonymous, int looks, int runs)
    {
        await StartAsync(tokens: null, ("SLUICE_AUTH__ANONYMOUS", anonymous));

        Assert.Equal(looks, (int)(await GetAsync("/api/v1/jobs", null)).StatusCode);
        Assert.Equal(runs, (int)(await _service!.PostAsync(new { }, "/sync")).StatusCode);
    }

    [Fact]
    public async Task Where_there_are_no_tokens_one_that_is_meant_for_another_service_does_no_harm()
    {
        await StartAsync(tokens: null);

        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/api/v1/jobs", "Bearer other")).StatusCode);
    }

    [Fact]
    public async Task A_changed_file_counts_at_once_and_one_with_mistakes_not_at_all()
    {
        await StartAsync(AccessFixture.LineOf("viewer", "old"));

        await WriteAsync(AccessFixture.LineOf("viewer", "new"));
        await Eventually.TrueAsync(async () => (await GetAsync("/api/v1/jobs", "Bearer new")).IsSuccessStatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/api/v1/jobs", "Bearer old")).StatusCode);

        await WriteAsync(AccessFixture.LineOf("viewer", "third") + "nonsense\n");
        await Eventually.TrueAsync(async () => (await GetAsync("/api/v1/jobs", "Bearer new")).IsSuccessStatusCode && _service!.Errors.Contains("tokens:2:", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/api/v1/jobs", "Bearer third")).StatusCode);

        await WriteAsync("");
        await Eventually.TrueAsync(async () => !(await GetAsync("/api/v1/jobs", "Bearer new")).IsSuccessStatusCode);
        Assert.DoesNotContain("third", _service!.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_for_others_answers_to_its_names_and_reads_no_folders_of_its_machine()
    {
        await StartAsync(
            AccessFixture.LineOf("runner"), ("SLUICE_URLS", "http://127.0.0.1:0;http://0.0.0.0:0"), ("SLUICE_HOSTS", "sluice.example.org"), ("SLUICE_PROCESS__ALLOW_REMOTE", "true"));
        _service!.Http.DefaultRequestHeaders.Add("Authorization", "Bearer runner");

        using var response = await _service.PostAsync(new { job_name = "job", job_url = _folder.Path });

        Assert.Contains("folders of this machine", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusOfHostAsync("Sluice.example.org:8000"));
        Assert.Equal(HttpStatusCode.OK, await StatusOfHostAsync("127.0.0.1"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusOfHostAsync("evil.example"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusOfHostAsync("10.11.12.13"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static async Task<string?> TypeAsync(HttpResponseMessage response, int status)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("type").GetString();
    }

    private async Task<TestService> StartAsync(string? tokens, params (string Name, string Value)[] settings)
    {
        if (tokens is not null)
        {
            await WriteAsync(tokens);
            settings = [("SLUICE_AUTH__TOKENS_FILE", _folder["tokens"]), .. settings];
        }

        return _service = await TestService.StartAsync(settings);
    }

    // As Kubernetes does: what the name leads to is replaced, not written over.
    private async Task WriteAsync(string tokens)
    {
        await File.WriteAllTextAsync(_folder["tokens.new"], tokens);
        File.Move(_folder["tokens.new"], _folder["tokens"], overwrite: true);
    }

    private Task<HttpResponseMessage> GetAsync(string path, string? authorization)
    {
        var message = new HttpRequestMessage(HttpMethod.Get, path);
        message.Headers.TryAddWithoutValidation("Authorization", authorization);
        return _service!.Http.SendAsync(message);
    }

    private async Task<HttpStatusCode> StatusOfHostAsync(string host)
    {
        var message = new HttpRequestMessage(HttpMethod.Get, "/");
        message.Headers.Host = host;
        return (await _service!.Http.SendAsync(message)).StatusCode;
    }
}
