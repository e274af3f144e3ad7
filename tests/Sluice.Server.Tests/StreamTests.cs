using System.Net;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>Answers that last: events and logs that are followed.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private TestService _service = null!;
    private TestRepository _repository = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync(("SLUICE_RUNS_PER_JOB", "1"));
        _repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", "quiet: {outputs: [o], code: [dependencies.yaml], command: 'sleep 600'}"));
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _repository.Dispose();
    }

    [Fact]
    public async Task Following_a_quiet_log_is_answered_before_there_is_anything_to_read()
    {
        var run = await SubmitAsync();

        using var log = await _service.Http.GetAsync($"/api/v1/runs/{run}/log?task=quiet&follow=true", HttpCompletionOption.ResponseHeadersRead);
        using var head = new HttpRequestMessage(HttpMethod.Head, $"/api/v1/runs/{run}/log?task=quiet&follow=true");
        using var unknown = await _service.Http.GetAsync($"/api/v1/runs/{run}/log?task=other&follow=true");

        Assert.Equal("text/plain", log.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.OK, (await _service.Http.SendAsync(head)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task A_log_can_be_followed_before_its_run_is_planned()
    {
        var first = await SubmitAsync();
        await _repository.CommitAsync(("dependencies.yaml", "loud: {outputs: [o], code: [dependencies.yaml], command: 'echo hello; echo 1 > data/o'}"));
        var waiting = await SubmitAsync();

        var log = _service.Http.GetStringAsync($"/api/v1/runs/{waiting}/log?task=loud&follow=true");
        var unknown = _service.Http.GetAsync($"/api/v1/runs/{waiting}/log?task=other&follow=true");
        await _service.Api.CancelAsync(first);

        Assert.Equal("hello\n", await log);
        Assert.Equal(HttpStatusCode.NotFound, (await unknown).StatusCode);
    }

    [Fact]
    public async Task A_service_that_is_told_to_stop_ends_every_answer_in_order_and_soon()
    {
        var run = await SubmitAsync();
        await _service.Api.EventsAsync(run).FirstAsync(it => it.Task?.State == "running");
        using var events = await _service.Http.GetAsync($"/api/v1/runs/{run}/events", HttpCompletionOption.ResponseHeadersRead);
        using var log = await _service.Http.GetAsync($"/api/v1/runs/{run}/log?task=quiet&follow=true", HttpCompletionOption.ResponseHeadersRead);
        await _repository.CommitAsync(("other", ""));
        var inLine = _service.PostAsync(new { job_name = "job", job_url = _repository.Path });
        await Eventually.TrueAsync(async () => (await _service.Api.ListRunsAsync(null)).Items.Count == 2);

        // The tasks' grace is one second here, that of a server without manners thirty.
        var exitCode = await _service.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(0, exitCode);
        Assert.EndsWith("\n\n", await events.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(await log.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await inLine).StatusCode);
    }

    private async Task<string> SubmitAsync()
    {
        using var accepted = await _service.PostAsync(new { job_name = "job", job_url = _repository.Path }, prefer: "respond-async");
        return accepted.Headers.Location!.ToString().Split('/')[^1];
    }
}
