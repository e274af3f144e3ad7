using Sluice.Core.Jobs;
using Sluice.Core.Results;

namespace Sluice.Core.Revisions;

/// <summary>What git's ids are known to stand for, so that a known blob is never read again. Lost without harm.</summary>
public interface IRevisionMemo
{
    /// <summary>Content by blob id; ids that are not known are missing from the answer.</summary>
    Task<IReadOnlyDictionary<string, BlobInfo>> FindContentsAsync(
        IReadOnlyCollection<string> blobIds, CancellationToken cancellationToken);

    /// <summary>Remembers contents by blob id.</summary>
    Task SaveContentsAsync(IReadOnlyDictionary<string, BlobInfo> contents, CancellationToken cancellationToken);

    /// <summary>The parsed manifest by the blob id of its file, or null.</summary>
    Task<Manifest?> FindManifestAsync(string blobId, CancellationToken cancellationToken);

    /// <summary>Remembers a manifest that was right.</summary>
    Task SaveManifestAsync(string blobId, Manifest manifest, CancellationToken cancellationToken);
}
