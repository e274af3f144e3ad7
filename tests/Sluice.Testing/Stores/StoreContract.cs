using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sluice.Core.Jobs;
using Sluice.Core.Json;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;
using Sluice.Testing.Database;
using Xunit;

namespace Sluice.Testing.Stores;

/// <summary>What every store owes, wherever it keeps things.</summary>
public abstract class StoreContract : IDisposable
{
    /// <summary>The job.</summary>
    protected static JobName Name { get; } = JobName.Parse("job");

    /// <summary>A commit.</summary>
    protected static CommitId Commit { get; } = CommitId.Parse(new string('a', 40));

    /// <summary>A folder for what is staged.</summary>
    protected TempFolder Folder { get; } = new();

    /// <summary>The store's clock.</summary>
    protected FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    /// <summary>Opens the store anew, on the same space.</summary>
    protected abstract (IStore Store, IStoreMaintenance Maintenance) Create();

    /// <summary>Changes a stored content behind the store's back; its size stays.</summary>
    protected abstract Task SpoilAsync(BlobInfo content);

    /// <inheritdoc/>
    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_content_is_kept_once_and_given_back_as_a_file_of_its_own()
    {
        var store = await OpenAsync();
        var first = await PutAsync(store, "x");
        var second = await PutAsync(store, "x");
        await store.Blobs.StageAsync(first, Folder["staged"], UnixFileMode.UserRead | UnixFileMode.UserWrite, default);
        await File.AppendAllTextAsync(Folder["staged"], "y");

        Assert.Equal(first, second);
        Assert.True(await store.Blobs.VerifyAsync(first, default));
        Assert.True(await (await OpenAsync()).Blobs.ExistsAsync(first, default));
        Assert.False(await store.Blobs.ExistsAsync(first with { Size = 2 }, default));
    }

    [Fact]
    public async Task A_damaged_content_is_noticed_and_taken_out()
    {
        var store = await OpenAsync();
        var content = await PutAsync(store, "good");
        await SpoilAsync(content);

        await Assert.ThrowsAsync<DamagedContentException>(() => store.Blobs.StageAsync(content, Folder["x"], UnixFileMode.UserRead, default));

        Assert.False(await store.Blobs.ExistsAsync(content, default));
        Assert.False(File.Exists(Folder["x"]));
    }

    [Fact]
    public async Task The_first_result_of_a_fingerprint_stays_whoever_races_until_one_is_forced()
    {
        var store = await OpenAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => Task.Run(async () =>
            await store.PutResultAsync(await ResultAsync(store, "f", $"{number}"), replace: false, default))));

        Assert.Single(results.Select(result => result.Provenance.Run).Distinct());
        var forced = await store.PutResultAsync(await ResultAsync(store, "f", "forced"), replace: true, default);
        Assert.Equal(forced.Provenance.Run, (await store.FindResultAsync(forced.Fingerprint, default))!.Provenance.Run);
    }

    [Fact]
    public async Task An_adopted_result_gives_way_to_a_computed_one()
    {
        var store = await OpenAsync();
        var adopted = await ResultAsync(store, "f", "1");
        await store.PutResultAsync(adopted with { Provenance = adopted.Provenance with { IsAdopted = true } }, replace: false, default);

        var computed = await store.PutResultAsync(await ResultAsync(store, "f", "2"), replace: false, default);

        Assert.Equal(computed.Provenance.Run, (await store.FindResultAsync(computed.Fingerprint, default))!.Provenance.Run);
    }

    [Fact]
    public async Task Records_never_change_and_the_newest_counts()
    {
        var store = await OpenAsync();
        var first = await RecordAsync(store, "1");
        var second = await RecordAsync(store, "2");

        Assert.Equal(1, await store.PublishAsync(first, "{}"u8.ToArray(), default));
        Assert.Equal(1, await store.PublishAsync(first, "{}"u8.ToArray(), default));
        Assert.Equal(2, await store.PublishAsync(second, "{}"u8.ToArray(), default));
        Assert.Equal(second.Run, (await store.FindRecordAsync(Commit, null, default))!.Run);
        Assert.Equal(first.Run, (await store.FindRecordAsync(Commit, first.Run, default))!.Run);
        Assert.Equal([Commit], await store.ListCommitsAsync(default));
    }

    [Fact]
    public async Task The_record_of_an_ended_run_is_put_once()
    {
        var store = await OpenAsync();
        var run = TestRuns.Run();

        Assert.Null(await store.FindRunAsync(run.Id, default));
        await store.PutRunAsync(run.Id, "cut off"u8.ToArray(), default);
        await store.PutRunAsync(run.Id, RunJson.Write(run with { Error = "first" }, []), default);
        await store.PutRunAsync(run.Id, RunJson.Write(run with { Error = "second" }, []), default);

        Assert.Equal("first", (await store.FindRunAsync(run.Id, default))!.Run.Error);
        Assert.Single(await store.ListRunsAsync(default).ToListAsync());
    }

    [Fact]
    public async Task A_result_whose_contents_are_lost_gives_way()
    {
        var store = await OpenAsync();
        var lost = await store.PutResultAsync(await ResultAsync(store, "f", "1"), replace: false, default);
        await SpoilAsync(lost.Files.Outputs[0].Content);

        var made = await store.PutResultAsync(await ResultAsync(store, "f", "2"), replace: false, default);

        Assert.Equal(made.Provenance.Run, (await store.FindResultAsync(made.Fingerprint, default))!.Provenance.Run);
    }

    [Fact]
    public async Task A_damaged_content_is_not_there_and_putting_it_again_mends_it()
    {
        var store = await OpenAsync();
        var content = await PutAsync(store, "good");
        await SpoilAsync(content);

        Assert.False(store.Blobs.Look()(content));
        Assert.False(await store.Blobs.ExistsAsync(content, default));
        Assert.Null(await store.Blobs.OpenAsync(content, default));
        Assert.Equal(content, await PutAsync(store, "good"));
        Assert.True(await store.Blobs.VerifyAsync(content, default));
    }

    [Fact]
    public async Task Verify_finds_lost_sources_and_mends_copies()
    {
        var (files, maintenance) = Create();
        var store = await files.OpenAsync(Name, default);
        var record = await RecordAsync(store, "1");
        await store.PublishAsync(record, "{}"u8.ToArray(), default);
        await SpoilAsync(record.Sources[0].Content);

        var found = await maintenance.VerifyAsync(Name, 1, default);
        await PutAsync(store, "source");
        var mended = await maintenance.VerifyAsync(Name, 1, default);

        Assert.Contains(record.Sources[0].Content.Digest.ToString(), Assert.Single(found.Lost), StringComparison.Ordinal);
        Assert.Equal(["aaaaaaa/data/s"], mended.Mended);
        Assert.True((await maintenance.VerifyAsync(Name, 1, default)).IsClean);
    }

    [Fact]
    public async Task Commits_are_listed_by_when_they_were_stored()
    {
        var store = await OpenAsync();
        var record = await RecordAsync(store, "1");
        foreach (var (letter, day) in new[] { ('b', 3), ('c', 1), ('d', 2) })
        {
            await store.PublishAsync(
                record with { Commit = CommitId.Parse(new string(letter, 40)), StoredAt = DateTimeOffset.UnixEpoch.AddDays(day) }, "{}"u8.ToArray(), default);
        }

        Assert.Equal(["c", "d", "b"], (await store.ListCommitsAsync(default)).Select(commit => commit.Value[..1]));
    }

    [Fact]
    public async Task A_publication_may_put_a_folder_where_a_file_was()
    {
        var store = await OpenAsync();
        var record = await RecordAsync(store, "1");
        var content = await PutAsync(store, "x");
        await store.PublishAsync(With("o/x", "o/t"), "{}"u8.ToArray(), default);

        await store.PublishAsync(With("o/x/y"), "{}"u8.ToArray(), default);
        await store.PublishAsync(With("o"), "{}"u8.ToArray(), default);

        Assert.Equal("o", (await store.FindRecordAsync(Commit, null, default))!.Tasks[0].Files.Outputs[0].Path.Value);

        CommitRecord With(params string[] paths) => record with
        {
            Run = RunId.New(DateTimeOffset.UnixEpoch),
            Tasks = [record.Tasks[0] with { Files = new ResultFiles { Outputs = [.. paths.Select(path => new StoredFile(RepoPath.Trusted(path), content, false))] } }],
        };
    }

    [Fact]
    public async Task Gc_deletes_what_no_kept_commit_needs_once_it_is_old_enough()
    {
        var (files, maintenance) = Create();
        var store = await files.OpenAsync(Name, default);
        var record = await RecordAsync(store, "kept");
        await store.PublishAsync(record, "{}"u8.ToArray(), default);
        var stray = await PutAsync(store, "stray");

        var young = await maintenance.CollectAsync(Name, new GcOptions { IsDryRun = false }, default);
        Time.Advance(TimeSpan.FromDays(30));
        var dry = await maintenance.CollectAsync(Name, new GcOptions(), default);
        var renewed = await PutAsync(store, "renewed");
        var real = await maintenance.CollectAsync(Name, new GcOptions { IsDryRun = false }, default);

        Assert.Equal((0, 0), (young.Contents, young.Results));
        Assert.Equal(1, dry.Contents);
        Assert.Equal(1, real.Contents);
        Assert.False(await store.Blobs.ExistsAsync(stray, default));
        Assert.True(await store.Blobs.ExistsAsync(renewed, default));
        Assert.True(await store.Blobs.ExistsAsync(record.Tasks[0].Files.Outputs[0].Content, default));
    }

    [Fact]
    public async Task What_a_run_holds_stays_until_the_run_has_ended()
    {
        var run = RunId.New(DateTimeOffset.UnixEpoch);
        var (files, maintenance) = Create();
        var store = await files.OpenAsync(Name, default);
        var (held, other) = (await PutAsync(store, "held"), await PutAsync(store, "other"));
        await store.HoldAsync(run, [held.Digest], default);
        Time.Advance(TimeSpan.FromDays(30));

        await maintenance.CollectAsync(Name, new GcOptions { IsDryRun = false }, default);

        Assert.True(await store.Blobs.ExistsAsync(held, default));
        Assert.False(await store.Blobs.ExistsAsync(other, default));

        await store.ReleaseAsync(run, default);
        await maintenance.CollectAsync(Name, new GcOptions { IsDryRun = false }, default);

        Assert.False(await store.Blobs.ExistsAsync(held, default));
    }

    [Fact]
    public async Task What_a_crash_left_held_of_an_ended_run_does_not_count()
    {
        var run = RunId.New(DateTimeOffset.UnixEpoch);
        var (files, maintenance) = Create();
        var store = await files.OpenAsync(Name, default);
        var held = await PutAsync(store, "held");
        await store.HoldAsync(run, [held.Digest], default);
        await store.PutRunAsync(run, "{}"u8.ToArray(), default);
        Time.Advance(TimeSpan.FromDays(30));

        await maintenance.CollectAsync(Name, new GcOptions { IsDryRun = false }, default);

        Assert.False(await store.Blobs.ExistsAsync(held, default));
    }

    [Fact]
    public async Task Verify_names_what_is_damaged_and_whose_result_is_lost()
    {
        var (files, maintenance) = Create();
        var store = await files.OpenAsync(Name, default);
        var result = await store.PutResultAsync(await ResultAsync(store, "f", "1"), replace: false, default);
        await SpoilAsync(result.Files.Outputs[0].Content);

        var report = await maintenance.VerifyAsync(Name, 1, default);

        Assert.Equal([result.Files.Outputs[0].Content.Digest.ToString()], report.Damaged);
        Assert.Contains("t.py", Assert.Single(report.Affected), StringComparison.Ordinal);
    }

    /// <summary>Keeps a text.</summary>
    protected static async Task<BlobInfo> PutAsync(IJobStore store, string content)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(content));
        return await store.Blobs.PutAsync(stream, default);
    }

    /// <summary>A result with one output and a log.</summary>
    protected static async Task<TaskResult> ResultAsync(IJobStore store, string fingerprint, string output) => new()
    {
        Fingerprint = new Fingerprint(Digest.Of(fingerprint)),
        Fields = [],
        Files = new ResultFiles
        {
            Outputs = [new StoredFile(RepoPath.Trusted("o"), await PutAsync(store, output), false)],
            Logs = [new StoredFile(RepoPath.Trusted("command.log"), await PutAsync(store, "log"), false)],
        },
        Provenance = new Provenance
        {
            Run = RunId.New(DateTimeOffset.UnixEpoch),
            Task = new TaskName("t.py"),
            Commit = Commit,
            Engine = "process",
            StartedAt = default,
            FinishedAt = default,
        },
    };

    /// <summary>A commit with one task.</summary>
    protected static async Task<CommitRecord> RecordAsync(IJobStore store, string output)
    {
        var result = await ResultAsync(store, output, output);
        return new CommitRecord
        {
            Job = Name,
            Commit = Commit,
            CommitDate = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)),
            Run = result.Provenance.Run,
            StoredAt = default,
            Manifest = await PutAsync(store, "manifest"),
            Code = [new StoredFile(RepoPath.Trusted("t.py"), await PutAsync(store, "code"), false)],
            Sources = [new StoredFile(RepoPath.Trusted("s"), await PutAsync(store, "source"), false)],
            Tasks = [RecordedTask.Of(new TaskName("t.py"), result)],
        };
    }

    /// <summary>Opens the job's space.</summary>
    protected Task<IJobStore> OpenAsync() => Create().Store.OpenAsync(Name, default);
}
