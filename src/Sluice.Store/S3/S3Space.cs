using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Store.S3;

/// <summary>The space of a job on S3.</summary>
internal sealed class S3Space : ISpace
{
    private readonly S3Bucket _bucket;

    public S3Space(S3Bucket bucket, S3Options options, string spool, TimeProvider time)
    {
        _bucket = bucket;
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

    /// <inheritdoc/>
    public IRunContents? ContentsOf(RunId run) => new S3RunContents(_bucket, run);
}
