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

    /// <summary>The baseline, or null for a job without a stored commit.</summary>
    public static async Task<Baseline?> FindAsync(
        IRepository repository, IJobStore store, CommitId commit, CancellationToken cancellationToken)
    {
        var stored = await store.ListCommitsAsync(cancellationToken);
        if (stored.Count == 0)
        {
            return null;
        }

        var nearest = await NearestAsync(repository, commit, stored.ToHashSet(), cancellationToken) ?? stored[^1];
        return await store.FindRecordAsync(nearest, run: null, cancellationToken) is { } record ? new Baseline(record) : null;
    }

    private static async Task<CommitId?> NearestAsync(
        IRepository repository, CommitId commit, HashSet<CommitId> stored, CancellationToken cancellationToken)
    {
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
