using Sluice.Client;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>When a task runs and when it does not: the contract's rules, one by one.</summary>
public sealed class ReuseTests
{
    private const string Seed = """
        $job: {shared: []}
        o1: {inputs: [d1, d2], outputs: [d3], command: cat data/d1 data/d2 > data/d3}
        o2: {inputs: [d3, d4], outputs: [d5], command: cat data/d3 data/d4 > data/d5}
        o3: {inputs: [d1, d5], command: cat data/d1 data/d5}
        o4: {outputs: [d6], command: echo x > data/d6}
        """;

    private static readonly (string, string)[] SeedFiles =
    [
        ("dependencies.yaml", Seed), ("src/job/o1", ""), ("src/job/o2", ""), ("src/job/o3", ""), ("src/job/o4", ""),
        ("data/d1", "1"), ("data/d2", "2"), ("data/d4", "4"),
    ];

    [Theory]
    [InlineData("data/d1", "o1 o2 o3")]
    [InlineData("data/d4", "o2 o3")]
    [InlineData("data/d6", "")]
    [InlineData("src/job/o4", "o4")]
    [InlineData("src/job/o1 data/d3", "o1 o2 o3")]
    [InlineData("src/job/o3", "o3")]
    public async Task The_seeds_own_expectations_hold(string changed, string affected)
    {
        using var repository = await TestRepository.CreateAsync(SeedFiles);
        await using var job = await EmbeddedJob.OpenAsync(repository);
        await job.RunAsync();

        await repository.CommitAsync([.. changed.Split(' ').Select(path => (path, "changed"))]);
        var plan = await job.PlanAsync();

        Assert.Equal(affected, string.Join(' ', plan.Tasks!.Where(task => task.Planned is "run" or "may_run").Select(task => task.Name)));
    }

    [Fact]
    public async Task A_renamed_task_is_reused_and_a_moved_script_runs()
    {
        using var repository = await TestRepository.CreateAsync(SeedFiles);
        await using var job = await EmbeddedJob.OpenAsync(repository);
        await job.RunAsync();

        await repository.CommitAsync(("dependencies.yaml", Seed.Replace("o1:", "renamed:", StringComparison.Ordinal).Replace("renamed: {", "renamed: {script: o1, ", StringComparison.Ordinal)));
        var renamed = await job.PlanAsync();
        await repository.GitAsync("mv", "src/job/o4", "src/job/o4b");
        await repository.CommitAsync(("dependencies.yaml", Seed.Replace("o4: {", "o4: {script: o4b, ", StringComparison.Ordinal)));
        var moved = await job.PlanAsync();

        Assert.Equal(["cached", "unchanged", "unchanged", "unchanged"], renamed.Tasks!.Select(task => task.Planned));
        Assert.Equal("run", moved.Tasks!.Single(task => task.Name == "o4").Planned);
    }

    [Fact]
    public async Task An_effect_is_done_again_by_a_revert_and_not_by_a_comment()
    {
        using var repository = await TestRepository.CreateAsync(SeedFiles);
        await using var job = await EmbeddedJob.OpenAsync(repository);
        await job.RunAsync();
        await repository.CommitAsync(("src/job/o3", "2"));
        await job.RunAsync();

        await repository.CommitAsync(("dependencies.yaml", "# comment\n" + Seed));
        var comment = await job.RunAsync();
        await repository.CommitAsync(("src/job/o3", ""));
        var revert = await job.RunAsync();

        Assert.DoesNotContain(comment.Tasks!, task => task.State == "executed");
        Assert.Equal(["o3"], revert.Tasks!.Where(task => task.State == "executed").Select(task => task.Name));
        Assert.Contains(revert.Tasks!.Single(task => task.Name == "o3").Reasons, reason => reason.Code == "effect");
        Assert.Equal(revert.Id, revert.Tasks!.Single(task => task.Name == "o3").ResultRun);
    }

    [Fact]
    public async Task A_task_that_reads_the_outside_world_runs_once_in_every_run_and_cuts_off_when_nothing_is_new()
    {
        using var outside = new TempFolder();
        File.WriteAllText(outside["n"], "1");
        using var repository = await TestRepository.CreateAsync(("dependencies.yaml", $"""
            fetch: {"{"}outputs: [f], cache: false, code: [dependencies.yaml], command: 'cp {outside["n"]} data/f; test -n "$SLUICE_RUN"'{"}"}
            use: {"{inputs: [f], outputs: [u], code: [dependencies.yaml], command: 'cp data/f data/u; test -z \"$SLUICE_RUN\"'}"}
            """));
        await using var job = await EmbeddedJob.OpenAsync(repository);

        var first = await job.RunAsync();
        var second = await job.RunAsync();
        File.WriteAllText(outside["n"], "2");
        var third = await job.RunAsync();

        Assert.Equal(["executed", "executed"], first.Tasks!.Select(task => task.State));
        Assert.Equal(["executed", "cut_off"], second.Tasks!.Select(task => task.State));
        Assert.Equal(["executed", "executed"], third.Tasks!.Select(task => task.State));
        Assert.Equal("2", await ReadAsync(job, third.Commit, "u"));
        Assert.Equal("1", await ReadAsync(job, first.Commit, "u", first.Id));
    }

    [Fact]
    public async Task Force_computes_anew_and_targets_restrict()
    {
        using var repository = await TestRepository.CreateAsync(SeedFiles);
        await using var job = await EmbeddedJob.OpenAsync(repository);

        var part = await job.RunAsync(request => request with { Targets = ["d5"] });
        var whole = await job.RunAsync();
        var forced = await job.RunAsync(request => request with { Force = ["o2"] });

        Assert.Equal(["o1", "o2"], part.Tasks!.Select(task => task.Name));
        Assert.Equal(["cached", "cached", "executed", "executed"], whole.Tasks!.Select(task => task.State));
        Assert.Equal(["o2"], forced.Tasks!.Where(task => task.State == "executed").Select(task => task.Name));
        Assert.Equal("forced", forced.Tasks!.Single(task => task.Name == "o2").Reasons[^1].Code);
    }

    [Fact]
    public async Task A_lost_database_is_brought_back_from_the_store()
    {
        using var repository = await TestRepository.CreateAsync(SeedFiles);
        await using var job = await EmbeddedJob.OpenAsync(repository);
        var run = await job.RunAsync();

        await job.ReopenAsync(() =>
        {
            foreach (var file in Directory.EnumerateFiles(job.State, "sluice.db*"))
            {
                File.Delete(file);
            }
        });
        var report = await job.Sluice.ReindexAsync(default);
        var again = await job.RunAsync();

        Assert.Equal((1, 1, 0), (report.Jobs, report.Runs, report.Unreadable));
        Assert.Equal(run.Id, again.Id);
        Assert.Equal(run.Tasks!.Select(task => task.State), again.Tasks!.Select(task => task.State));
    }

    [Fact]
    public async Task The_same_work_in_two_runs_at_once_is_done_once()
    {
        using var counter = new TempFolder();
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", $"a: {{outputs: [o], code: [code], command: 'echo x >> {counter["n"]}; sleep 0.5; echo 1 > data/o'}}"), ("code", ""));
        await using var job = await EmbeddedJob.OpenAsync(repository);
        var first = await job.Sluice.Api.SubmitAsync(new RunRequest { JobName = "job", JobUrl = repository.Path });
        await repository.CommitAsync(("other", "x"));
        var second = await job.Sluice.Api.SubmitAsync(new RunRequest { JobName = "job", JobUrl = repository.Path });

        var runs = await Task.WhenAll(job.Sluice.Api.WaitAsync(first.Run.Id, default), job.Sluice.Api.WaitAsync(second.Run.Id, default));

        Assert.All(runs, run => Assert.Equal("succeeded", run.Status));
        Assert.Single(await File.ReadAllLinesAsync(counter["n"]));
    }

    private static async Task<string> ReadAsync(EmbeddedJob job, string commit, string path, string? run = null)
    {
        using var reader = new StreamReader(await job.Sluice.Api.GetDataAsync("job", commit, path, run));
        return await reader.ReadToEndAsync();
    }
}
