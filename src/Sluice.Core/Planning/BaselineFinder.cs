using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Planning;

/// <summary>
/// Finds a commit's baseline: its own stored run, else its nearest stored ancestor (breadth first, first parent first), else the job's newest
/// stored commit (contract, section 2).
/// </summary>
public static class BaselineFinder
{
    /// <summary>How many ancestors are looked at before the newest stored commit is taken.</summary>
    private const int MaxAncestors = 10_000;

    /// <summary>Which commit that is, and whether the original service stored it; null for a job without a stored commit.</summary>
    /// <remarks>Sluice's own records come first: commits of the original are older, and finding them costs more.</remarks>
    public static async Task<(CommitId Commit, bool IsImported)?> FindAsync(
        IRepository repository, IJobStore store, CommitId commit, CancellationToken cancellationToken)
    {
        var stored = await store.ListCommitsAsync(cancellationToken);
        if (await NearestAsync(repository, commit, stored, cancellationToken) is { } nearest)
        {
            return (nearest, false);
        }

        return await NearestAsync(repository, commit, await store.ListImportedAsync(cancellationToken), cancellationToken) is { } imported ? (imported, true)
            : stored.Count > 0 ? (stored[^1], false)
            : null;
    }

    private static async Task<CommitId?> NearestAsync(
        IRepository repository, CommitId commit, IReadOnlyList<CommitId> candidates, CancellationToken cancellationToken)
    {
        if (candidates.Count == 0)
        {
            return null;
        }

        var stored = candidates.ToHashSet();
        if (stored.Contains(commit))
        {
            return commit;
        }

        var seen = 0;
        await foreach (var ancestor in repository.AncestorsAsync(commit, cancellationToken))
        {
            if (stored.Contains(ancestor))
            {
                return ancestor;
            }

            if (++seen == MaxAncestors)
            {
                break;
            }
        }

        return null;
    }
}
