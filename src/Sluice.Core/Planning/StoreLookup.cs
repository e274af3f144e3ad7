using Sluice.Core.Results;

namespace Sluice.Core.Planning;

/// <summary>Looks results up in the store of one job.</summary>
public sealed class StoreLookup(IJobStore store) : IResultLookup
{
    /// <inheritdoc/>
    public async ValueTask<TaskResult?> FindAsync(Fingerprint fingerprint, CancellationToken cancellationToken) =>
        await store.FindResultAsync(fingerprint, cancellationToken) is { } result
        && await AreThereAsync(result.Files, cancellationToken)
            ? result
            : null;

    /// <inheritdoc/>
    public async ValueTask<bool> AreThereAsync(ResultFiles files, CancellationToken cancellationToken)
    {
        foreach (var content in files.Contents)
        {
            if (!await store.Blobs.ExistsAsync(content, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }
}
