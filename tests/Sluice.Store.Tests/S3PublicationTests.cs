using Sluice.Core.Results;
using Sluice.Testing;
using Sluice.Testing.Stores;

namespace Sluice.Store.Tests;

/// <summary>Publications on S3 are the server's work.</summary>
public sealed class S3PublicationTests : StoreTests, IAsyncLifetime
{
    private const int Files = 1000;
    private const int FileBytes = 20_000;

    private readonly TestBucket _bucket = new();
    private readonly FlakyProxy _proxy = new(TestS3.Endpoint, breaksOneIn: 0, seed: 0);

    [Fact]
    public async Task A_thousand_files_are_published_without_their_bytes_coming_through()
    {
        _bucket.Options.Endpoint = _proxy.Address;
        var store = await OpenAsync();
        var content = await PutAsync(store, new string('x', FileBytes));
        var record = await RecordAsync(store, "1");
        record = record with { Sources = [.. Enumerable.Range(0, Files).Select(number => new StoredFile(Core.Jobs.RepoPath.Trusted($"s{number}"), content, false))] };
        var before = _proxy.Bytes;

        await store.PublishAsync(record, "{}"u8.ToArray(), default);

        Assert.InRange(_proxy.Bytes - before, 1, (long)Files * FileBytes / 4);
        Assert.Equal(FileBytes, (await _bucket.ReadAsync($"{Commit}/data/s999")).Length);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    protected override (IStore Store, IStoreMaintenance Maintenance) Create() => _bucket.Create(Folder, Time);

    protected override Task SpoilAsync(BlobInfo content) => _bucket.SpoilAsync(content);
}
