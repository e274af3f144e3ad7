using Sluice.Core.Results;
using Sluice.Core.Running;
using Xunit;

namespace Sluice.Testing.Stores;

/// <summary>What every store's verification and gc owe.</summary>
public abstract class StoreMaintenanceContract : StoreTests
{
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
    public async Task Gc_deletes_what_no_kept_commit_needs_once_it_is_old_enough()
    {
        var (files, maintenance) = Create();
        var store = await files.OpenAsync(Name, default);
        var record = await RecordAsync(store, "kept");
        await store.PublishAsync(record, "{}"u8.ToArray(), default);
        var stray = await PutAsync(store, "stray");

        var young = await maintenance.CollectAsync(Name, new GcOptions { IsDryRun = false }, default);
        var old = await AgeAsync();
        var dry = await maintenance.CollectAsync(Name, old, default);
        var renewed = await PutAsync(store, "renewed");
        var real = await maintenance.CollectAsync(Name, old with { IsDryRun = false }, default);

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
        var old = await AgeAsync();

        await maintenance.CollectAsync(Name, old with { IsDryRun = false }, default);

        Assert.True(await store.Blobs.ExistsAsync(held, default));
        Assert.False(await store.Blobs.ExistsAsync(other, default));

        await store.ReleaseAsync(run, default);
        await maintenance.CollectAsync(Name, old with { IsDryRun = false }, default);

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
        var old = await AgeAsync();

        await maintenance.CollectAsync(Name, old with { IsDryRun = false }, default);

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
}
