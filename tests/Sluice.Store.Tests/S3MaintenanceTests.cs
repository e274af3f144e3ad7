using Sluice.Core.Clusters;
using Sluice.Core.Results;
using Sluice.Core.Running;
using Sluice.Testing.Stores;

namespace Sluice.Store.Tests;

/// <summary>Verification and gc on S3.</summary>
public sealed class S3MaintenanceTests : StoreMaintenanceContract
{
    private readonly TestBucket _bucket = new();

    protected override (IStore Store, IStoreMaintenance Maintenance) Create() => _bucket.Create(Folder, Time);

    protected override Task SpoilAsync(BlobInfo content) => _bucket.SpoilAsync(content);

    // The server's clock cannot be set: what is stored so far is what a gc without grace takes that began just now.
    protected override async Task<GcOptions> AgeAsync() => new() { Grace = Time.GetUtcNow() - await _bucket.NowAsync() };

    [Fact]
    public async Task What_an_ended_run_left_for_its_pods_goes_and_what_a_going_one_needs_stays()
    {
        var (store, maintenance) = Create();
        var space = await store.OpenAsync(Name, default);
        var (ended, going) = (RunId.New(Time.GetUtcNow()), RunId.New(Time.GetUtcNow()));
        await space.OpenWork(ended).PutIntentAsync(new WorkflowIntent(1, [0]), default);
        await space.OpenWork(going).PutIntentAsync(new WorkflowIntent(1, [0]), default);
        await space.PutRunAsync(ended, "{}"u8.ToArray(), default);

        var report = await maintenance.CollectAsync(Name, await AgeAsync() with { IsDryRun = false }, default);

        Assert.Equal(1, report.Contents);
        Assert.Empty(await space.OpenWork(ended).ListIntentsAsync(default));
        Assert.Single(await space.OpenWork(going).ListIntentsAsync(default));
    }
}
