using Sluice.Core.Results;
using Sluice.Testing;
using Sluice.Testing.Stores;

namespace Sluice.Store.Tests;

/// <summary>A server that fails at random, or on the way to it, changes nothing but the time.</summary>
public sealed class S3FlakyTests : StoreContract, IAsyncLifetime
{
    private readonly TestBucket _bucket = new();
    private readonly FlakyProxy _proxy = new(TestS3.Endpoint, breaksOneIn: 8, seed: 1);

    [Fact]
    public async Task Contents_arrive_whole_whatever_breaks()
    {
        var store = await OpenAsync();
        var random = new Random(1);
        for (var number = 0; _proxy.Broken < 12; number++)
        {
            var bytes = new byte[random.Next(400_000)];
            random.NextBytes(bytes);
            using var stream = new MemoryStream(bytes);

            var content = await store.Blobs.PutAsync(stream, default);
            await store.Blobs.StageAsync(content, Folder[$"{number}"], UnixFileMode.UserRead, default);

            Assert.Equal(Digest.Of(bytes), Digest.Of(await File.ReadAllBytesAsync(Folder[$"{number}"])));
        }
    }

    public ValueTask InitializeAsync()
    {
        _bucket.Options.Endpoint = _proxy.Address;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    protected override (IStore Store, IStoreMaintenance Maintenance) Create() => _bucket.Create(Folder, Time);

    protected override Task SpoilAsync(BlobInfo content) => _bucket.SpoilAsync(content);
}
