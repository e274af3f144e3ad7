using Sluice.Core.Results;

namespace Sluice.Store;

/// <summary>The contents that the pods of one run have put, beside those of the store.</summary>
internal interface IRunContents : ITaskContents
{
    /// <summary>These were put by pods of the run: they are looked for there first.</summary>
    void Expect(IEnumerable<BlobInfo> contents);

    /// <summary>Whether the store has a content.</summary>
    Task<bool> IsStoredAsync(BlobInfo content, CancellationToken cancellationToken);

    /// <summary>Opens what a pod has put; null where there is nothing of that size.</summary>
    Task<Stream?> OpenAsync(BlobInfo content, CancellationToken cancellationToken);

    /// <summary>Reads what a pod has put, and copies it into the store where it is what its digest says.</summary>
    Task<bool> TakeAsync(BlobInfo content, CancellationToken cancellationToken);
}
