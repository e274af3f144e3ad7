using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Running;
using Sluice.Store.Files;
using Sluice.Testing;

namespace Sluice.Store.Tests;

/// <summary>What a gc must leave alone while runs go on.</summary>
public sealed class GcTests : IDisposable
{
    private static readonly JobName Name = JobName.Parse("job");
    private static readonly RunId Run = RunId.New(DateTimeOffset.UnixEpoch);

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_a_run_holds_stays_until_the_run_has_ended()
    {
        var (store, maintenance) = await OpenAsync();
        var (held, other) = (await PutAsync(store, "held"), await PutAsync(store, "other"));
        await store.HoldAsync(Run, [held.Digest], default);
        _time.Advance(TimeSpan.FromDays(30));

        await maintenance.CollectAsync(Name, new GcOptions { IsDryRun = false }, default);

        Assert.True(await store.Blobs.ExistsAsync(held, default));
        Assert.False(await store.Blobs.ExistsAsync(other, default));

        await store.ReleaseAsync(Run, default);
        await maintenance.CollectAsync(Name, new GcOptions { IsDryRun = false }, default);

        Assert.False(await store.Blobs.ExistsAsync(held, default));
    }

    [Fact]
    public async Task What_a_crash_left_held_of_an_ended_run_does_not_count()
    {
        var (store, maintenance) = await OpenAsync();
        var held = await PutAsync(store, "held");
        await store.HoldAsync(Run, [held.Digest], default);
        await store.PutRunAsync(Run, "{}"u8.ToArray(), default);
        _time.Advance(TimeSpan.FromDays(30));

        await maintenance.CollectAsync(Name, new GcOptions { IsDryRun = false }, default);

        Assert.False(await store.Blobs.ExistsAsync(held, default));
    }

    [Fact]
    public async Task Nothing_is_deleted_while_a_record_cannot_be_read()
    {
        var (store, maintenance) = await OpenAsync();
        var content = await PutAsync(store, "of the record");
        var record = Path.Combine(_folder.Path, "store", "job", ".sluice", "commits", new string('a', 40), "1.json");
        Directory.CreateDirectory(Path.GetDirectoryName(record)!);
        await File.WriteAllTextAsync(record, "{ cut off");
        _time.Advance(TimeSpan.FromDays(30));

        var refused = await Assert.ThrowsAsync<SluiceException>(
            () => maintenance.CollectAsync(Name, new GcOptions { IsDryRun = false }, default));

        Assert.Equal("damaged-record", refused.Code);
        Assert.True(await store.Blobs.ExistsAsync(content, default));
    }

    private static async Task<BlobInfo> PutAsync(IJobStore store, string content)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(content));
        return await store.Blobs.PutAsync(stream, default);
    }

    private async Task<(IJobStore Store, IStoreMaintenance Maintenance)> OpenAsync()
    {
        var (files, maintenance) = FileStoreServices.Create(new StateFolder(_folder.Path), new FileStoreOptions(), _time);
        return (await files.OpenAsync(Name, default), maintenance);
    }
}
