using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Store.S3;
using Sluice.Testing;
using Sluice.Testing.Stores;

namespace Sluice.Store.Tests;

/// <summary>The store on S3: what every store owes, and what lies where.</summary>
public sealed class S3StoreTests : StoreContract
{
    private readonly TestBucket _bucket = new();

    [Fact]
    public async Task Publications_have_the_contracts_layout()
    {
        var store = await OpenAsync();

        await store.PublishAsync(await RecordAsync(store, "1"), "{}"u8.ToArray(), default);
        Assert.Equal(
            ["code/t.py", "commit_date.txt", "data/o", "data/s", "dependencies.yaml", "logs/t.py/command.log", "run.json"],
            (await _bucket.ListAsync(Commit.Value)).Select(key => key[(Commit.Value.Length + 1)..]));
        Assert.Equal("2026-01-02 03:04:05", await _bucket.ReadAsync($"{Commit}/commit_date.txt"));

        await store.PublishAsync(await RecordAsync(store, "2"), "{}"u8.ToArray(), default);
        Assert.Equal("2", await _bucket.ReadAsync($"{Commit}/data/o"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65_536)]
    [InlineData(200_000)]
    [InlineData(80_000_000)]
    public async Task Contents_of_all_sizes_come_back_and_may_be_read_from_anywhere(int size)
    {
        var store = await OpenAsync();
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        await File.WriteAllBytesAsync(Folder["file"], bytes);

        var content = await store.Blobs.TakeFileAsync(Folder["file"], keep: false, default);
        await store.Blobs.StageAsync(content!.Value, Folder["staged"], UnixFileMode.UserRead, default);

        Assert.False(File.Exists(Folder["file"]));
        Assert.Equal(content, new BlobInfo(Digest.Of(bytes), size));
        Assert.Equal(Digest.Of(bytes), Digest.Of(await File.ReadAllBytesAsync(Folder["staged"])));
        await using var stream = await store.Blobs.OpenAsync(content.Value, default);
        stream!.Position = size / 2;
        using var half = new MemoryStream();
        await stream.CopyToAsync(half);
        Assert.Equal(Digest.Of(bytes.AsSpan(size / 2)), Digest.Of(half.ToArray()));
    }

    [Fact]
    public async Task A_copy_of_the_bucket_that_lost_the_seals_is_read_and_believed()
    {
        var store = await OpenAsync();
        var content = await PutAsync(store, "x");
        await _bucket.WriteAsync($".sluice/cas/sha256/{content.Digest.Hex[..2]}/{content.Digest.Hex}", "x");

        Assert.True(await store.Blobs.ExistsAsync(content, default));
    }

    [Fact]
    public async Task Many_contents_are_looked_for_by_listing_them()
    {
        var store = await OpenAsync();
        var stored = new List<BlobInfo>();
        for (var number = 0; number < 40; number++)
        {
            stored.Add(await PutAsync(store, $"{number}"));
        }

        var missing = Enumerable.Range(1000, 1000).Select(number => new BlobInfo(Digest.Of($"{number}"), 4)).ToList();
        var look = await store.Blobs.LookAsync(stored.Concat(missing), default);

        Assert.Null(await look.FirstLostAsync(stored, default));
        Assert.Equal(missing[0], await look.FirstLostAsync(missing, default));
        Assert.Equal(missing[^1], await look.FirstLostAsync([missing[^1]], default));
    }

    [Fact]
    public async Task What_was_seen_and_is_gone_is_not_seen_again()
    {
        var store = await OpenAsync();
        var (staged, published) = (await PutAsync(store, "x"), await RecordAsync(store, "1"));
        await store.Blobs.LookAsync(published.Contents.Append(staged), default);
        foreach (var content in new[] { staged, published.Sources[0].Content })
        {
            await _bucket.Client.DeleteObjectAsync(_bucket.Options.Bucket, $"job/.sluice/cas/sha256/{content.Digest.Hex[..2]}/{content.Digest.Hex}");
        }

        await Assert.ThrowsAsync<DamagedContentException>(() => store.Blobs.StageAsync(staged, Folder["x"], UnixFileMode.UserRead, default));
        var lost = await Assert.ThrowsAsync<DamagedContentException>(() => store.PublishAsync(published, "{}"u8.ToArray(), default));

        var look = await store.Blobs.LookAsync([], default);
        Assert.Equal(published.Sources[0].Content, lost.Content);
        Assert.False(await look.IsThereAsync(staged, default));
        Assert.False(await look.IsThereAsync(published.Sources[0].Content, default));
        Assert.Empty(await store.ListCommitsAsync(default));
    }

    [Fact]
    public async Task A_publication_that_is_stopped_while_it_waits_for_a_gc_leaves_no_record()
    {
        var store = await OpenAsync();
        var record = await RecordAsync(store, "1");
        await _bucket.WriteAsync(".sluice/deleting/somebody", $"{Time.GetUtcNow().AddMinutes(5):O}\n");
        using var stop = new CancellationTokenSource();
        var publishing = store.PublishAsync(record, "{}"u8.ToArray(), stop.Token);
        await Eventually.TrueAsync(async () => (await _bucket.ListAsync(".sluice/commits/")).Count == 1);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publishing);
        Assert.Empty(await store.ListCommitsAsync(default));
    }

    [Fact]
    public async Task A_bucket_per_job_is_made_where_there_is_none()
    {
        _bucket.Options.Bucket = null;
        var name = JobName.Parse(TestS3.NewBucket());

        var content = await PutAsync(await Create().Store.OpenAsync(name, default), "x");

        Assert.True(await (await Create().Store.OpenAsync(name, default)).Blobs.ExistsAsync(content, default));
        Assert.Contains(name, await Create().Store.ListJobsAsync(default));
    }

    [Fact]
    public async Task Jobs_in_one_bucket_are_listed()
    {
        await OpenAsync();
        await _bucket.Client.PutObjectAsync(new() { BucketName = _bucket.Options.Bucket, Key = "other/file", ContentBody = "" });

        Assert.Equal([Name], await Create().Store.ListJobsAsync(default));
    }

    [Theory]
    [InlineData("a_b")]
    [InlineData("ab")]
    [InlineData("ab-")]
    public async Task A_job_whose_name_is_no_buckets_is_refused(string name)
    {
        _bucket.Options.Bucket = null;

        var refused = await Assert.ThrowsAsync<SluiceException>(() => Create().Store.OpenAsync(JobName.Parse(name), default));

        Assert.Equal("invalid-job-name", refused.Code);
        Assert.Contains("SLUICE_STORE__BUCKET", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_layout_is_refused()
    {
        await _bucket.WriteAsync(".sluice/format", "2\n");

        var refused = await Assert.ThrowsAsync<SluiceException>(OpenAsync);

        Assert.Equal("newer-store", refused.Code);
    }

    protected override (IStore Store, IStoreMaintenance Maintenance) Create() => _bucket.Create(Folder, Time);

    protected override Task SpoilAsync(BlobInfo content) => _bucket.SpoilAsync(content);
}
