using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>The table of the contract's section 2, over real HTTP against the real binary.</summary>
public sealed class HttpContractTests : IAsyncLifetime
{
    private const string Manifest = """
        upper.py:
          inputs: [raw.txt]
          outputs: [upper.txt]
          command: tr a-z A-Z < data/raw.txt > data/upper.txt && echo done
        count.py:
          inputs: [upper.txt]
          outputs: [count.txt]
          command: wc -c < data/upper.txt > data/count.txt
        """;

    private TestService _service = null!;
    private TestRepository _repository = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await TestService.StartAsync();
        _repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", Manifest), ("src/job/upper.py", ""), ("src/job/count.py", ""), ("data/raw.txt", "hello"));
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _repository.Dispose();
    }

    [Fact]
    public async Task A_first_run_is_created_and_a_second_gives_the_stored_one()
    {
        var first = await _service.RunAsync(_repository);
        var second = await _service.RunAsync(_repository, HttpStatusCode.OK);

        Assert.Equal("succeeded", first.Status);
        Assert.Equal(["executed", "executed"], first.Tasks!.Select(task => task.State));
        Assert.Equal(first.Id, second.Id);
    }

    [Fact]
    public async Task An_asynchronous_request_is_accepted_and_its_events_end()
    {
        using var response = await _service.PostAsync(
            new { job_name = "job", job_url = _repository.Path }, prefer: "respond-async");
        var id = response.Headers.Location!.ToString().Split('/')[^1];

        var events = await _service.Api.EventsAsync(id).ToListAsync();

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("end", events[^1].Type);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(number => (long)number), events.Select(it => it.Id));
        Assert.Equal([events[^1]], await _service.Api.EventsAsync(id, events[^2].Id).Select(it => it with { Run = events[^1].Run }).ToListAsync());
    }

    [Fact]
    public async Task A_plan_predicts_and_does_nothing()
    {
        using var response = await _service.PostAsync(new { job_name = "job", job_url = _repository.Path }, "/api/v1/plan");
        var plan = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["run", "may_run"], plan.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("planned").GetString()));
        Assert.False(plan.TryGetProperty("id", out _) || plan.TryGetProperty("status", out _));
        Assert.Empty((await _service.Api.ListRunsAsync(null)).Items);
    }

    [Fact]
    public async Task A_failing_task_is_422_with_its_name_and_the_tail_of_its_log()
    {
        await _repository.CommitAsync(("dependencies.yaml", Manifest.Replace("wc -c", "echo oh no; exit 3; wc -c", StringComparison.Ordinal)));

        using var response = await _service.PostAsync(new { job_name = "job", job_url = _repository.Path });
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("count.py", problem.GetProperty("task").GetString());
        Assert.Contains("oh no", problem.GetProperty("log_tail").GetString(), StringComparison.Ordinal);
        Assert.Contains("exit status 3", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("failed", (await _service.Api.GetRunAsync(problem.GetProperty("run_id").GetString()!)).Status);
    }

    [Fact]
    public async Task A_broken_repository_is_422_with_every_mistake()
    {
        await _repository.CommitAsync(("dependencies.yaml", "a.py: {comand: x}\nb.py: {command: y, inputs: [../x, gone.csv], outputs: 3}\n"));

        using var response = await _service.PostAsync(new { job_name = "job", job_url = _repository.Path });
        var errors = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("errors").EnumerateArray().ToList();

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains(errors, error => error.GetProperty("advice").GetString()!.Contains("'command'", StringComparison.Ordinal));
        Assert.True(errors.Count >= 3);
        Assert.All(errors, error => Assert.True(error.GetProperty("line").GetInt32() > 0));
    }

    [Fact]
    public async Task A_name_that_belongs_to_another_repository_is_409_until_it_is_moved()
    {
        await _service.RunAsync(_repository);
        using var other = await TestRepository.CreateAsync(("dependencies.yaml", "a: {command: 'true', code: [dependencies.yaml]}"));

        using var refused = await _service.PostAsync(new { job_name = "job", job_url = other.Path });
        using var moved = await _service.PostAsync(new { job_name = "job", job_url = other.Path, move = true });

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Created, moved.StatusCode);
    }

    [Fact]
    public async Task Stored_files_have_digests_ranges_and_no_rights()
    {
        var run = await _service.RunAsync(_repository);
        var url = $"/api/v1/jobs/job/commits/{run.Commit}/data/upper.txt";

        using var whole = await _service.Http.GetAsync(url);
        using var again = new HttpRequestMessage(HttpMethod.Get, url);
        again.Headers.IfNoneMatch.Add(whole.Headers.ETag!);
        using var unchanged = await _service.Http.SendAsync(again);
        using var part = new HttpRequestMessage(HttpMethod.Get, url);
        part.Headers.Range = new RangeHeaderValue(1, 2);
        using var ranged = await _service.Http.SendAsync(part);

        Assert.Equal("HELLO", await whole.Content.ReadAsStringAsync());
        Assert.Equal("attachment", whole.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Contains("sandbox", whole.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", whole.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal(HttpStatusCode.PartialContent, ranged.StatusCode);
        Assert.Equal("EL", await ranged.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Commits_history_diff_why_graph_log_and_manifest_can_be_looked_at()
    {
        var first = await _service.RunAsync(_repository);
        await _repository.CommitAsync(("data/raw.txt", "hello!"));
        var second = await _service.RunAsync(_repository);

        var commit = await _service.Api.GetCommitAsync("job", second.Commit);
        var history = await _service.Api.HistoryAsync("job", "count.txt");
        var diff = await _service.Api.DiffAsync("job", first.Commit, second.Commit);
        var why = await _service.Api.WhyAsync(second.Id, "upper.py");
        var graph = await _service.Api.GraphAsync(second.Id);
        using var log = new StreamReader(await _service.Api.LogAsync(second.Id, "upper.py"));

        Assert.Equal(["count.txt", "raw.txt", "upper.txt"], commit.Files.Select(file => file.Path));
        Assert.Equal([first.Commit, second.Commit], history.SelectMany(entry => entry.Commits));
        Assert.Equal([("count.txt", "count.py"), ("raw.txt", null), ("upper.txt", "upper.py")], diff.Files.Select(file => (file.Path, file.Task)));
        Assert.Equal(["raw.txt"], why.Tasks[0].Fields.Select(field => field.Subject));
        Assert.Equal(["upper.py"], graph.Tasks[1].Upstream);
        Assert.Equal("done\n", await log.ReadToEndAsync());
        Assert.Contains("kind: Workflow", await _service.Api.ManifestAsync(second.Id), StringComparison.Ordinal);
        Assert.Equal(first.Commit, second.BaselineCommit);
    }

    [Fact]
    public async Task A_cancelled_run_ends_soon_and_is_no_success()
    {
        await _repository.CommitAsync(("dependencies.yaml", Manifest.Replace("tr a-z", "sleep 600; tr a-z", StringComparison.Ordinal)));
        using var accepted = await _service.PostAsync(new { job_name = "job", job_url = _repository.Path }, prefer: "respond-async");
        var id = accepted.Headers.Location!.ToString().Split('/')[^1];
        await _service.Api.EventsAsync(id).FirstAsync(it => it.Task?.State == "running");

        await _service.Api.CancelAsync(id);
        var events = await _service.Api.EventsAsync(id).ToListAsync();

        Assert.Equal("cancelled", events[^1].Run!.Status);
        Assert.Equal(["cancelled", "cancelled"], (await _service.Api.GetRunAsync(id)).Tasks!.Select(task => task.State));
    }
}
