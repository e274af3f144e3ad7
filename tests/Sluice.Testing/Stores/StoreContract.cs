using Sluice.Core.Jobs;
using Sluice.Core.Json;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;
using Sluice.Testing.Database;
using Xunit;

namespace Sluice.Testing.Stores;

/// <summary>What every store owes, wherever it keeps things.</summary>
public abstract class StoreContract : StoreTests
{
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

        Assert.False(await (await store.Blobs.LookAsync([content], default)).IsThereAsync(content, default));
        Assert.False(await store.Blobs.ExistsAsync(content, default));
        Assert.Null(await store.Blobs.OpenAsync(content, default));
        Assert.Equal(content, await PutAsync(store, "good"));
        Assert.True(await store.Blobs.VerifyAsync(content, default));
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
}
