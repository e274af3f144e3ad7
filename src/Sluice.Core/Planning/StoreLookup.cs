using Sluice.Core.Results;

namespace Sluice.Core.Planning;

/// <summary>Looks results up in the store of one job.</summary>
/// <param name="store">The job's space.</param>
/// <param name="look">One look for many questions, for a plan; null asks for each content when it is asked about.</param>
/// <param name="adopts">Whether adopted results count.</param>
public sealed class StoreLookup(IJobStore store, IContentLook? look, bool adopts) : IResultLookup
{
    /// <inheritdoc/>
    public async ValueTask<TaskResult?> FindAsync(Fingerprint fingerprint, CancellationToken cancellationToken) =>
        await store.FindResultAsync(fingerprint, cancellationToken) is { } result
        && (adopts || !result.Provenance.IsAdopted)
        && await AreThereAsync(result.Files, cancellationToken)
            ? result
            : null;

    /// <inheritdoc/>
    public ValueTask<bool> AreThereAsync(ResultFiles files, CancellationToken cancellationToken) =>
        look is null ? AskAsync(files, cancellationToken) : files.AreThereAsync(look, cancellationToken);

    private async ValueTask<bool> AskAsync(ResultFiles files, CancellationToken cancellationToken) =>
        await store.Blobs.FirstLostAsync(files.Contents, cancellationToken) is null;
}
