using Amazon.S3.Transfer;
using Sluice.Core.Results;

namespace Sluice.Store.S3;

/// <summary>Puts contents under names that follow from their digests, sealed with them, in bounded memory.</summary>
internal sealed class S3Upload(S3Bucket bucket, Func<Digest, string> nameOf)
{
    /// <summary>Up to here a content is put in one request.</summary>
    private const long MaxSinglePut = 64L * 1024 * 1024;

    private const long MinPart = 32L * 1024 * 1024;

    /// <summary>S3 knows 10,000 parts.</summary>
    private const int MaxParts = 9_000;

    private const int PartsAtOnce = 4;

    /// <summary>Puts a content that is in memory.</summary>
    public async Task<BlobInfo> PutSmallAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        var info = new BlobInfo(Digest.Of(bytes), bytes.Length);
        using var stream = new MemoryStream(bytes, writable: false);
        await bucket.PutAsync(nameOf(info.Digest), stream, info.Digest.Hex, onlyNew: false, cancellationToken);
        return info;
    }

    /// <summary>Puts a file whose content is known.</summary>
    public async Task PutLargeAsync(string path, BlobInfo info, CancellationToken cancellationToken)
    {
        if (info.Size <= MaxSinglePut)
        {
            await using var file = File.OpenRead(path);
            await bucket.PutAsync(nameOf(info.Digest), file, info.Digest.Hex, onlyNew: false, cancellationToken);
        }
        else
        {
            await PutInPartsAsync(path, info, cancellationToken);
        }
    }

    private Task<bool> PutInPartsAsync(string path, BlobInfo info, CancellationToken cancellationToken) => bucket.CallAsync(async () =>
    {
        using var transfer = new TransferUtility(bucket.Client, new TransferUtilityConfig { ConcurrentServiceRequests = PartsAtOnce, MinSizeBeforePartUpload = MaxSinglePut });
        var request = new TransferUtilityUploadRequest
        {
            BucketName = bucket.Name,
            Key = bucket.KeyOf(nameOf(info.Digest)),
            FilePath = path,
            PartSize = Math.Max(MinPart, info.Size / MaxParts),
        };
        request.Metadata[S3Bucket.Seal] = info.Digest.Hex;
        await transfer.UploadAsync(request, cancellationToken);
        return true;
    });
}
