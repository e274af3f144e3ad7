using Sluice.Core.Jobs;
using Sluice.Core.Revisions;

namespace Sluice.Adapters.Git;

/// <summary>Reads the output of <c>git log --name-only -z --format=%x01%H</c>.</summary>
internal static class ChangeLog
{
    /// <summary>The newest commit that changed each wanted path.</summary>
    public static Dictionary<RepoPath, CommitId> Parse(string log, IReadOnlySet<RepoPath> paths)
    {
        var changes = new Dictionary<RepoPath, CommitId>();
        foreach (var entry in log.Split('\u0001', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = entry.Split(['\0', '\n'], StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0 || !CommitId.TryParse(parts[0], out var commit))
            {
                continue;
            }

            foreach (var path in parts.Skip(1).Select(RepoPath.Trusted).Where(paths.Contains))
            {
                changes.TryAdd(path, commit);
            }
        }

        return changes;
    }
}
