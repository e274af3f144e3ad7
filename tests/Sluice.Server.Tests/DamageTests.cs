using Sluice.Core.Jobs;
using Sluice.Core.Revisions;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>Invariant 6: a content that is lost or damaged is noticed, and its producer, only, runs again.</summary>
public sealed class DamageTests
{
    private const string Manifest = """
        $job: {shared: []}
        first: {inputs: [raw], outputs: [o1], command: sed s/^/1/ data/raw > data/o1}
        second: {inputs: [o1], outputs: [o2], command: sed s/^/2/ data/o1 > data/o2}
        other: {outputs: [o3], command: echo x > data/o3}
        """;

    private static readonly (string, string)[] Files =
        [("dependencies.yaml", Manifest), ("src/job/first", ""), ("src/job/second", ""), ("src/job/other", ""), ("data/raw", "raw")];

    [Fact]
    public async Task A_lost_output_makes_its_producer_only_run_again()
    {
        using var repository = await TestRepository.CreateAsync(Files);
        await using var job = await EmbeddedJob.OpenAsync(repository);
        var run = await job.RunAsync();

        File.Delete(await BlobAsync(job, run.Commit, "o1"));
        var plan = await job.PlanAsync();
        var mended = await job.RunAsync();

        Assert.Equal([("first", "result_missing")], plan.Tasks!.Where(task => task.Planned == "run").Select(task => (task.Name, task.Reasons[0].Code)));
        Assert.Equal(["executed", "cut_off", "unchanged"], mended.Tasks!.Select(task => task.State));
        Assert.Equal("nothing", await WhatRunsAsync(job));
    }

    [Fact]
    public async Task An_output_that_was_written_to_is_noticed_when_planning()
    {
        using var repository = await TestRepository.CreateAsync(Files);
        await using var job = await EmbeddedJob.OpenAsync(repository);
        var run = await job.RunAsync();

        await SpoilAsync(await BlobAsync(job, run.Commit, "o2"), isHidden: false);
        var mended = await job.RunAsync();

        Assert.Equal(["unchanged", "executed", "unchanged"], mended.Tasks!.Select(task => task.State));
        Assert.Equal("21raw", await File.ReadAllTextAsync(Path.Combine(job.State, "store", "job", run.Commit, "data", "o2")));
    }

    [Fact]
    public async Task Damage_that_only_reading_shows_is_mended_by_the_run_that_reads_it_however_many_want_it()
    {
        var consumers = string.Concat(Enumerable.Range(0, 10).Select(number => $"c{number}: {{inputs: [o1], outputs: [c{number}], code: [lib], command: cat data/o1 lib > data/c{number}}}\n"));
        using var repository = await TestRepository.CreateAsync([.. Files, ("dependencies.yaml", $"{Manifest}\n{consumers}"), ("lib", "1")]);
        await using var job = await EmbeddedJob.OpenAsync(repository);
        var run = await job.RunAsync();

        await SpoilAsync(await BlobAsync(job, run.Commit, "o1"), isHidden: true);
        await repository.CommitAsync(("lib", "2"));
        var mended = await job.RunAsync();

        Assert.Equal("succeeded", mended.Status);
        Assert.Equal("executed", mended.Tasks![0].State);
        Assert.All(mended.Tasks!.Skip(3), task => Assert.Equal("executed", task.State));
        Assert.Equal("1raw2", await ReadAsync(job, mended.Commit, "c9"));
    }

    [Fact]
    public async Task A_source_that_was_lost_comes_back_from_git()
    {
        using var repository = await TestRepository.CreateAsync(Files);
        await using var job = await EmbeddedJob.OpenAsync(repository);
        var run = await job.RunAsync();

        File.Delete(await BlobAsync(job, run.Commit, "raw"));
        await job.RunAsync();

        Assert.Equal("raw", await ReadAsync(job, run.Commit, "raw"));
    }

    [Fact]
    public async Task A_task_whose_log_and_output_vary_is_mended_too()
    {
        using var counter = new TempFolder();
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", $"a: {{outputs: [o], code: [], command: 'echo x | tee -a {counter["n"]}; wc -l < {counter["n"]} | tee data/o'}}\n"));
        await using var job = await EmbeddedJob.OpenAsync(repository);
        var run = await job.RunAsync();

        var space = await job.Sluice.Store.OpenAsync(JobName.Parse("job"), default);
        var record = await space.FindRecordAsync(CommitId.Parse(run.Commit), run: null, default);
        File.Delete(Blob(job, record!.Tasks[0].Files.Logs[0].Content.Digest.Hex));
        var mended = await job.RunAsync();

        Assert.Equal("succeeded", mended.Status);
        Assert.Equal("2\n", await ReadAsync(job, run.Commit, "o"));
        Assert.Equal("nothing", await WhatRunsAsync(job));
    }

    private static async Task<string> WhatRunsAsync(EmbeddedJob job) =>
        string.Join(' ', (await job.PlanAsync()).Tasks!.Where(task => task.Planned is "run" or "may_run").Select(task => task.Name).DefaultIfEmpty("nothing"));

    private static async Task<string> BlobAsync(EmbeddedJob job, string commit, string path) =>
        Blob(job, (await job.Sluice.Api.GetCommitAsync("job", commit)).Files.Single(file => file.Path == path).Digest[7..]);

    private static string Blob(EmbeddedJob job, string hex) => Path.Combine(job.State, "store", "job", ".sluice", "cas", "sha256", hex[..2], hex);

    // Hidden: as a disk does it, whose errors change no time.
    private static async Task SpoilAsync(string blob, bool isHidden)
    {
        var time = File.GetLastWriteTimeUtc(blob);
        File.SetUnixFileMode(blob, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(blob, new string('!', (int)new FileInfo(blob).Length));
        if (isHidden)
        {
            File.SetLastWriteTimeUtc(blob, time);
        }
    }

    private static async Task<string> ReadAsync(EmbeddedJob job, string commit, string path)
    {
        using var reader = new StreamReader(await job.Sluice.Api.GetDataAsync("job", commit, path));
        return await reader.ReadToEndAsync();
    }
}
