using System.Text.Json;
using Sluice.Client;
using Sluice.Core;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>A lost database is rebuilt from the store (contract, section 5, <c>sluice reindex</c>).</summary>
public sealed class ReindexTests : IAsyncLifetime
{
    private const string Manifest = """
        $job: {shared: []}
        a: {inputs: [d], outputs: [e], command: 'echo a; cat data/d > data/e', code: [src]}
        b: {inputs: [e], outputs: [f], command: cat data/e > data/f, code: [src]}
        c: {inputs: [f, g], outputs: [h], command: 'echo c; test "$(cat data/g)" != bad && cat data/f data/g > data/h', code: [src]}
        """;

    private TestRepository _repository = null!;
    private EmbeddedJob _job = null!;

    public async ValueTask InitializeAsync()
    {
        _repository = await TestRepository.CreateAsync(("dependencies.yaml", Manifest), ("src", ""), ("data/d", "1"), ("data/g", "2"));
        _job = await EmbeddedJob.OpenAsync(_repository);
    }

    public async ValueTask DisposeAsync()
    {
        await _job.DisposeAsync();
        _repository.Dispose();
    }

    [Fact]
    public async Task Runs_of_every_kind_answer_as_they_did_before()
    {
        var runs = await RunEveryKindAsync();
        var before = await SnapshotAsync(runs);

        await LoseDatabaseAsync();
        var report = await _job.Sluice.ReindexAsync(default);
        var after = await SnapshotAsync(runs);

        Assert.Equal((1, runs.Count, 0), (report.Jobs, report.Runs, report.Unreadable));
        Assert.Equal(before, after);
        Assert.Equal(runs[0].CreatedAt, (await _job.Sluice.Api.GetJobAsync("job")).CreatedAt);
        Assert.True((await _job.Sluice.Api.SubmitAsync(new RunRequest { JobName = "job", JobUrl = _repository.Path, Ref = runs[0].Commit })).IsStored);
    }

    [Fact]
    public async Task A_record_that_makes_no_sense_is_set_aside_and_the_others_come_back()
    {
        var run = await _job.RunAsync();
        var records = Path.Combine(_job.State, "store", "job", ".sluice", "runs");
        var record = await File.ReadAllTextAsync(Path.Combine(records, run.Id + ".json"));
        foreach (var (index, bad) in new[]
        {
            "", "null", "[1]", "{}", record[..100],
            record.Replace($"\"{_repository.Path}\"", "\"ext::sh\"", StringComparison.Ordinal),
            record.Replace($"\"{_repository.Path}\"", "\"http://forbidden.example/job\"", StringComparison.Ordinal),
            record.Replace("\"job_name\":\"job\"", "\"job_name\":\"other\"", StringComparison.Ordinal),
            record.Replace("\"status\":\"succeeded\"", "\"status\":\"running\"", StringComparison.Ordinal),
            record[..record.IndexOf(",\"tasks\":", StringComparison.Ordinal)] + "}",
            record[..record.IndexOf(",\"tasks\":", StringComparison.Ordinal)] + ",\"tasks\":[null]}",
        }.Index())
        {
            // Newer than the good one: none of them may decide what the job is.
            var id = $"7zzzzzzzzzzzzzzzzzzzzzzz{index:00}";
            await File.WriteAllTextAsync(Path.Combine(records, id + ".json"), bad.Replace(run.Id, id, StringComparison.Ordinal));
        }

        await LoseDatabaseAsync();
        var report = await _job.Sluice.ReindexAsync(default);

        Assert.Equal((1, 1, 11), (report.Jobs, report.Runs, report.Unreadable));
        Assert.Equal([run.Id], (await _job.Sluice.Api.ListRunsAsync(job: null)).Items.Select(it => it.Id));
        Assert.Equal(_repository.Path, (await _job.Sluice.Api.GetJobAsync("job")).JobUrl);
    }

    // Succeeded, published once more, one part only, failed, cancelled, and succeeded for a later commit.
    private async Task<List<RunView>> RunEveryKindAsync()
    {
        var runs = new List<RunView> { await _job.RunAsync(), await _job.RunAsync(request => request with { Force = ["b"] }) };
        await _repository.CommitAsync(("data/g", "bad"));
        runs.Add(await _job.RunAsync(request => request with { Targets = ["f"] }));
        runs.Add(await _job.RunAsync());
        await _repository.CommitAsync(("data/g", "3"), ("dependencies.yaml", Manifest + "\nslow: {outputs: [s], code: [src], command: 'sleep 600'}\n"));
        runs.Add(await CancelledAsync());
        await _repository.CommitAsync(("dependencies.yaml", Manifest));
        runs.Add(await _job.RunAsync());
        Assert.Equal(["succeeded", "succeeded", "succeeded", "failed", "cancelled", "succeeded"], runs.Select(run => run.Status));
        return runs;
    }

    private async Task<RunView> CancelledAsync()
    {
        var api = _job.Sluice.Api;
        var id = (await api.SubmitAsync(new RunRequest { JobName = "job", JobUrl = _repository.Path, Adopt = false })).Run.Id;
        await api.EventsAsync(id).FirstAsync(happened => happened.Task is { Name: "c", State: "executed" });
        await api.EventsAsync(id).FirstAsync(happened => happened.Task is { Name: "slow", State: "running" });
        await api.CancelAsync(id);
        return await api.WaitAsync(id, default);
    }

    private Task LoseDatabaseAsync() => _job.ReopenAsync(() =>
    {
        foreach (var file in Directory.EnumerateFiles(_job.State, "sluice.db*"))
        {
            File.Delete(file);
        }
    });

    private async Task<List<string>> SnapshotAsync(List<RunView> runs)
    {
        var (api, shown) = (_job.Sluice.Api, new List<string>());
        await ShowAsync("jobs", async () => (await api.ListJobsAsync()).Items.Select(it => it with { CreatedAt = default }));
        await ShowAsync("runs", () => api.ListRunsAsync(job: null));
        await ShowAsync("runs of the job", () => api.ListRunsAsync("job"));
        foreach (var run in runs)
        {
            await ShowAsync("run", () => api.GetRunAsync(run.Id));
            await ShowAsync("tasks", () => api.ListTasksAsync(run.Id));
            await ShowAsync("events", () => LastEventsAsync(run.Id));
            await ShowAsync("why", () => api.WhyAsync(run.Id));
            await ShowAsync("graph", () => api.GraphAsync(run.Id));
            await ShowAsync("manifest", () => api.ManifestAsync(run.Id));
            await ShowAsync("commit", () => api.GetCommitAsync("job", run.Commit, run.Id));
            await ShowAsync("newest of the commit", () => api.GetCommitAsync("job", run.Commit));
            foreach (var task in run.Tasks!)
            {
                await ShowAsync("why", () => api.WhyAsync(run.Id, task.Name));
                await ShowAsync("why against the first", () => api.WhyAsync(run.Id, task.Name, runs[0].Id));
                await ShowAsync("log", async () => await new StreamReader(await api.LogAsync(run.Id, task.Name)).ReadToEndAsync());
            }
        }

        foreach (var path in new[] { "d", "e", "f", "g", "h" })
        {
            await ShowAsync("history", () => api.HistoryAsync("job", path));
        }

        await ShowAsync("diff", () => api.DiffAsync("job", runs[0].Commit, runs[^1].Commit));
        return shown;

        async Task ShowAsync<T>(string what, Func<Task<T>> ask)
        {
            try
            {
                shown.Add($"{what}: {JsonSerializer.Serialize(await ask())}");
            }
            catch (SluiceException exception)
            {
                shown.Add($"{what}: {exception.Code}");
            }
        }
    }

    // What happened before the last word on a task is not in the records.
    private async Task<object> LastEventsAsync(string run)
    {
        var events = await _job.Sluice.Api.EventsAsync(run).ToListAsync();
        var last = events.Where(happened => happened.Task is not null).GroupBy(happened => happened.Task!.Name).Select(task => task.Last().Task);
        return new { Tasks = last.OrderBy(task => task!.Name), End = events[^1].Run };
    }
}
