using Sluice.Core.Results;
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
}
