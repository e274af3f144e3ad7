using Amazon.S3;
using Amazon.S3.Model;
using Sluice.Core.Results;
using Sluice.Core.Running;
using Sluice.Store.S3;
using Sluice.Testing;

namespace Sluice.Store.Tests;

/// <summary>A bucket of its own on the real server, as tests open and damage it.</summary>
internal sealed class TestBucket : IDisposable
{
    private readonly AmazonS3Client _client;

    public TestBucket()
    {
        TestS3.Require();
        Options = TestS3.Options();
        Options.Bucket = TestS3.NewBucket();
        _client = TestS3.Connect();
        _client.PutBucketAsync(Options.Bucket).GetAwaiter().GetResult();
    }

    public S3Options Options { get; }

    public IAmazonS3 Client => _client;

    public (IStore Store, IStoreMaintenance Maintenance) Create(TempFolder folder, TimeProvider time) =>
        S3StoreServices.Create(new StateFolder(folder.Path), Options, time);

    /// <summary>The keys of the job's objects, sorted.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string prefix = "")
    {
        var all = await _client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Options.Bucket, Prefix = "job/" + prefix });
        return [.. (all.S3Objects ?? []).Select(found => found.Key["job/".Length..])];
    }

    public async Task<string> ReadAsync(string name)
    {
        using var answer = await _client.GetObjectAsync(Options.Bucket, "job/" + name);
        using var reader = new StreamReader(answer.ResponseStream);
        return await reader.ReadToEndAsync();
    }

    public Task WriteAsync(string name, string content) =>
        _client.PutObjectAsync(new PutObjectRequest { BucketName = Options.Bucket, Key = "job/" + name, ContentBody = content });

    /// <summary>Overwrites a content and its copies under commits.</summary>
    public async Task SpoilAsync(BlobInfo content)
    {
        foreach (var name in await ListAsync())
        {
            var head = await _client.GetObjectMetadataAsync(Options.Bucket, "job/" + name);
            if (head.Metadata["sha256"] == content.Digest.Hex)
            {
                await WriteAsync(name, new string('!', (int)content.Size));
            }
        }
    }

    /// <summary>A moment after all that is stored so far, by the server's clock.</summary>
    public async Task<DateTimeOffset> NowAsync()
    {
        await WriteAsync("now", "");
        var listed = await _client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Options.Bucket, Prefix = "job/now" });
        return new DateTimeOffset(DateTime.SpecifyKind(listed.S3Objects[0].LastModified!.Value, DateTimeKind.Utc));
    }

    public void Dispose() => _client.Dispose();
}
