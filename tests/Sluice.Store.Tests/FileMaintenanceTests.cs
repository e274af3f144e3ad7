using Sluice.Core;
using Sluice.Core.Results;
using Sluice.Testing.Stores;

namespace Sluice.Store.Tests;

/// <summary>Verification and gc on files.</summary>
public sealed class FileMaintenanceTests : StoreMaintenanceContract
{
    [Fact]
    public async Task Nothing_is_deleted_while_a_record_cannot_be_read()
    {
        var (files, maintenance) = Create();
        var store = await files.OpenAsync(Name, default);
        var content = await PutAsync(store, "of the record");
        var record = Path.Combine(Folder.Path, "store", "job", ".sluice", "commits", new string('a', 40), "1.json");
        Directory.CreateDirectory(Path.GetDirectoryName(record)!);
        await File.WriteAllTextAsync(record, "{ cut off");
        Time.Advance(TimeSpan.FromDays(30));

        var refused = await Assert.ThrowsAsync<SluiceException>(
            () => maintenance.CollectAsync(Name, new GcOptions { IsDryRun = false }, default));

        Assert.Equal("damaged-record", refused.Code);
        Assert.True(await store.Blobs.ExistsAsync(content, default));
    }

    protected override (IStore Store, IStoreMaintenance Maintenance) Create() => TestSpace.Create(Folder, Time);

    protected override Task SpoilAsync(BlobInfo content) => TestSpace.SpoilAsync(Folder, content);
}
