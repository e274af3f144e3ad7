using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Sluice.Core;

namespace Sluice.Store.S3;

/// <summary>The objects of one job: a bucket, or a part of one below a prefix. Every trouble is a <see cref="SluiceException"/>.</summary>
internal sealed class S3Bucket(IAmazonS3 client, string server, string name, string prefix, bool mayList = true)
{
    /// <summary>Where an object says which content it holds; without it, or with another, somebody else has written it.</summary>
    public const string Seal = "sha256";

    private const int MaxDeleted = 1000;
    private const int MaxReads = 8;
    private const int MaxConflicts = 50;

    /// <summary>What AWS lets a copy have without parts.</summary>
    private const long MaxCopy = 5L * 1024 * 1024 * 1024;

    private const long CopiedPart = 512L * 1024 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The bucket.</summary>
    public string Name => name;

    /// <summary>For transfers in parts.</summary>
    public IAmazonS3 Client => client;

    /// <summary>The key of a name in the space.</summary>
    public string KeyOf(string of) => prefix + of;

    /// <summary>What is known of an object; null where there is none.</summary>
    public Task<(SpaceFile File, string? Seal, string Version)?> HeadAsync(string of, CancellationToken cancellationToken) => CallAsync<(SpaceFile, string?, string)?>(async () =>
    {
        try
        {
            var head = await client.GetObjectMetadataAsync(name, KeyOf(of), cancellationToken);
            return (new SpaceFile(of, head.ContentLength, Utc(head.LastModified)), head.Metadata[Seal], head.ETag);
        }
        catch (AmazonS3Exception exception) when (IsMissing(exception))
        {
            return null;
        }
    });

    /// <summary>Opens an object from a position on; null where there is none, or it ends before.</summary>
    public Task<Stream?> OpenAsync(string of, long from, CancellationToken cancellationToken) => CallAsync<Stream?>(async () =>
    {
        try
        {
            var request = new GetObjectRequest { BucketName = name, Key = KeyOf(of), ByteRange = from == 0 ? null : new ByteRange($"bytes={from}-") };
            return (await client.GetObjectAsync(request, cancellationToken)).ResponseStream;
        }
        catch (AmazonS3Exception exception) when (IsMissing(exception) || exception.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return null;
        }
    });

    /// <summary>Reads an object, or its beginning; null where there is none.</summary>
    public Task<byte[]?> ReadAsync(string of, int? maxBytes, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await ReadOnceAsync(of, maxBytes, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException && tries < MaxReads)
            {
                // The connection broke within the answer, which the SDK leaves to its caller.
            }
        }
    });

    /// <summary>Writes an object.</summary>
    /// <param name="of">Its name in the space.</param>
    /// <param name="content">What it holds; read again when the server has to be asked again.</param>
    /// <param name="seal">Which content that is, for contents.</param>
    /// <param name="onlyNew">Whether one that is there must stay.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>False where one is there that must stay.</returns>
    public Task<bool> PutAsync(string of, Stream content, string? seal, bool onlyNew, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        for (var tries = 1; ; tries++)
        {
            var request = new PutObjectRequest
            {
                BucketName = name,
                Key = KeyOf(of),
                InputStream = content,
                AutoCloseStream = false,
                AutoResetStreamPosition = true,
                IfNoneMatch = onlyNew ? "*" : null,
            };
            if (seal is not null)
            {
                request.Metadata[Seal] = seal;
            }

            try
            {
                await client.PutObjectAsync(request, cancellationToken);
                return true;
            }
            catch (AmazonS3Exception exception) when (onlyNew && exception.StatusCode == HttpStatusCode.PreconditionFailed)
            {
                return false;
            }
            catch (AmazonS3Exception exception) when (onlyNew && exception.StatusCode == HttpStatusCode.Conflict && tries < MaxConflicts)
            {
                // Another put of the same object is on its way, says AWS: who wins is not decided yet.
                await Task.Delay(Pause, cancellationToken);
                content.Position = 0;
            }
        }
    });

    /// <summary>Copies an object within the bucket, on the server; onto itself, that renews its age.</summary>
    /// <returns>False where there is no such object.</returns>
    public Task<bool> CopyAsync(string from, string to, long size, string seal, CancellationToken cancellationToken) =>
        CopyAsync(from, to, size, seal, version: null, cancellationToken);

    /// <summary>Copies an object as it was when it was looked at, within the bucket and on the server.</summary>
    /// <returns>False where there is no such object, or it is another one now.</returns>
    public Task<bool> CopyAsync(string from, string to, long size, string seal, string? version, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        try
        {
            if (size > MaxCopy)
            {
                await CopyInPartsAsync(KeyOf(from), KeyOf(to), size, seal, version, cancellationToken);
                return true;
            }

            var request = new CopyObjectRequest { SourceBucket = name, SourceKey = KeyOf(from), DestinationBucket = name, DestinationKey = KeyOf(to), ETagToMatch = version };
            if (from == to || version is not null)
            {
                request.MetadataDirective = S3MetadataDirective.REPLACE;
                request.Metadata[Seal] = seal;
            }

            await client.CopyObjectAsync(request, cancellationToken);
            return true;
        }
        catch (AmazonS3Exception exception) when (IsMissing(exception) || (version is not null && exception.StatusCode == HttpStatusCode.PreconditionFailed))
        {
            return false;
        }
    });

    /// <summary>All objects below a folder.</summary>
    public IAsyncEnumerable<SpaceFile> ListAsync(string folder, CancellationToken cancellationToken) =>
        PagesAsync(new ListObjectsV2Request { BucketName = name, Prefix = KeyOf(folder) }, cancellationToken)
            .SelectMany(page => page.S3Objects ?? [])
            .Select(found => new SpaceFile(found.Key[prefix.Length..], found.Size ?? 0, Utc(found.LastModified)));

    /// <summary>The names of the folders at the root.</summary>
    public async Task<IReadOnlyList<string>> ListFoldersAsync(CancellationToken cancellationToken) =>
        await PagesAsync(new ListObjectsV2Request { BucketName = name, Prefix = prefix, Delimiter = "/" }, cancellationToken)
            .SelectMany(page => page.CommonPrefixes ?? [])
            .Select(found => found[prefix.Length..].TrimEnd('/'))
            .ToListAsync(cancellationToken);

    /// <summary>Deletes objects.</summary>
    public async Task DeleteAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        foreach (var batch in names.Chunk(MaxDeleted))
        {
            await CallAsync(() => client.DeleteObjectsAsync(
                new DeleteObjectsRequest { BucketName = name, Quiet = true, Objects = [.. batch.Select(of => new KeyVersion { Key = KeyOf(of) })] },
                cancellationToken));
        }
    }

    /// <summary>Makes a call, and tells its trouble in words.</summary>
    public async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is not SluiceException && S3Errors.IsOutside(exception))
        {
            throw Told(exception);
        }
    }

    /// <summary>Trouble in words.</summary>
    public SluiceException Told(Exception exception) => S3Errors.Of(exception, server, name);

    private async IAsyncEnumerable<ListObjectsV2Response> PagesAsync(
        ListObjectsV2Request request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ListObjectsV2Response page;
        do
        {
            page = await CallAsync(() => client.ListObjectsV2Async(request, cancellationToken));
            request.ContinuationToken = page.NextContinuationToken;
            yield return page;
        }
        while (page.IsTruncated is true);
    }

    // To somebody who may not list a bucket, S3 does not say that an object is not there, but that it may not be read.
    private bool IsMissing(AmazonS3Exception exception) =>
        (exception.StatusCode == HttpStatusCode.NotFound && exception.ErrorCode is not "NoSuchBucket")
        || (!mayList && exception.StatusCode == HttpStatusCode.Forbidden && exception.ErrorCode is "AccessDenied" or "Forbidden");

    private static DateTimeOffset Utc(DateTime? time) => new(DateTime.SpecifyKind(time ?? DateTime.UnixEpoch, DateTimeKind.Utc));

    private async Task<byte[]?> ReadOnceAsync(string of, int? maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            var request = new GetObjectRequest { BucketName = name, Key = KeyOf(of), ByteRange = maxBytes is { } most ? new ByteRange(0, most - 1) : null };
            using var answer = await client.GetObjectAsync(request, cancellationToken);
            using var bytes = new MemoryStream();
            await answer.ResponseStream.CopyToAsync(bytes, cancellationToken);
            return bytes.Length == answer.ContentLength ? bytes.ToArray() : throw new EndOfStreamException("The answer ended early.");
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return [];
        }
        catch (AmazonS3Exception exception) when (IsMissing(exception))
        {
            return null;
        }
    }

    private async Task CopyInPartsAsync(string from, string to, long size, string seal, string? version, CancellationToken cancellationToken)
    {
        var begin = new InitiateMultipartUploadRequest { BucketName = name, Key = to };
        begin.Metadata[Seal] = seal;
        var upload = (await client.InitiateMultipartUploadAsync(begin, cancellationToken)).UploadId;
        try
        {
            var parts = new List<PartETag>();
            for (var first = 0L; first < size; first += CopiedPart)
            {
                var part = await client.CopyPartAsync(
                    new CopyPartRequest
                    {
                        SourceBucket = name,
                        SourceKey = from,
                        DestinationBucket = name,
                        DestinationKey = to,
                        UploadId = upload,
                        PartNumber = parts.Count + 1,
                        FirstByte = first,
                        LastByte = Math.Min(first + CopiedPart, size) - 1,
                        ETagToMatch = version is null ? [] : [version],
                    },
                    cancellationToken);
                parts.Add(new PartETag(parts.Count + 1, part.ETag));
            }

            await client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest { BucketName = name, Key = to, UploadId = upload, PartETags = parts }, cancellationToken);
        }
        catch
        {
            await client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = name, Key = to, UploadId = upload }, CancellationToken.None);
            throw;
        }
    }
}
