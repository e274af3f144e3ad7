using Sluice.Core.Results;

namespace Sluice.Store.S3;

/// <summary>The space of a job on S3.</summary>
internal sealed class S3Space : ISpace
{
    public S3Space(S3Bucket bucket, S3Options options, string spool, TimeProvider time)
    {
        var blobs = new S3BlobStore(bucket, spool, time);
        Files = new S3Files(bucket, options.HasSingleWriter);
        Blobs = blobs;
        Holds = new S3Holds(Files, time);
        Publication = new S3Publication(bucket, blobs, options.PublishData);
    }

    /// <inheritdoc/>
    public ISpaceFiles Files { get; }

    /// <inheritdoc/>
    public IBlobStore Blobs { get; }

    /// <inheritdoc/>
    public IHolds Holds { get; }

    /// <inheritdoc/>
    public IPublication Publication { get; }
}
