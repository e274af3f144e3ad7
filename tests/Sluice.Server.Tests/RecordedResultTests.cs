using Sluice.Client;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>What a run shows of its tasks stays its own, whatever is computed after it.</summary>
public sealed class RecordedResultTests : IDisposable
{
    private readonly TempFolder _outside = new();

    public void Dispose() => _outside.Dispose();

    [Fact]
    public async Task Runs_keep_their_logs_and_makers_when_force_replaces_the_result()
    {
        using var repository = await TestRepository.CreateAsync(("dependencies.yaml", $"""
            a: {"{"}outputs: [o], code: [dependencies.yaml], command: 'cat {_outside["n"]}; echo x > data/o'{"}"}
            b: {"{inputs: [o], outputs: [p], code: [dependencies.yaml], command: cp data/o data/p}"}
            """));
        await using var job = await EmbeddedJob.OpenAsync(repository);
        var first = await RunAsync(job, "first");
        await repository.CommitAsync(("other", "x"));
        var reused = await RunAsync(job, "reused");
        var part = await RunAsync(job, "part", request => request with { Targets = ["a"] });

        var forced = await RunAsync(job, "forced", request => request with { Force = ["a"] });
        await repository.CommitAsync(("other", "y"));
        var after = await RunAsync(job, "after");

        Assert.Equal(["executed", "unchanged", "unchanged", "executed", "unchanged"], new[] { first, reused, part, forced, after }.Select(run => run.Tasks![0].State));
        Assert.Equal("first first first forced forced", await ShowAsync([first, reused, part, forced, after], run => LogAsync(job, run, "a")));
        Assert.Equal(
            $"{first.Id} {first.Id} {forced.Id}",
            await ShowAsync([reused, part, after], async run => (await job.Sluice.Api.WhyAsync(run.Id, "a")).Tasks.Single().MadeBy!.Run));
    }

    [Fact]
    public async Task The_log_of_a_command_that_printed_nothing_is_empty_also_where_its_result_is_reused()
    {
        using var repository = await TestRepository.CreateAsync(("dependencies.yaml", "a: {outputs: [o], code: [dependencies.yaml], command: 'true > data/o'}"));
        await using var job = await EmbeddedJob.OpenAsync(repository);
        var first = await job.RunAsync();
        await repository.CommitAsync(("other", "x"));
        var reused = await job.RunAsync();

        Assert.Equal("unchanged", reused.Tasks!.Single().State);
        Assert.Equal(["", ""], [await LogAsync(job, first, "a"), await LogAsync(job, reused, "a")]);
    }

    private async Task<RunView> RunAsync(EmbeddedJob job, string says, Func<RunRequest, RunRequest>? change = null)
    {
        await File.WriteAllTextAsync(_outside["n"], says);
        return await job.RunAsync(change);
    }

    private static async Task<string> LogAsync(EmbeddedJob job, RunView run, string task)
    {
        using var reader = new StreamReader(await job.Sluice.Api.LogAsync(run.Id, task));
        return await reader.ReadToEndAsync();
    }

    private static async Task<string> ShowAsync(IEnumerable<RunView> runs, Func<RunView, Task<string>> show)
    {
        var shown = new List<string>();
        foreach (var run in runs)
        {
            shown.Add(await show(run));
        }

        return string.Join(' ', shown);
    }
}
