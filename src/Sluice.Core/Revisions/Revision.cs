using System.Collections.Immutable;
using Sluice.Core.Jobs;

namespace Sluice.Core.Revisions;

/// <summary>A commit, resolved to its files; digests of contents come separately, for the files that count.</summary>
public sealed record Revision
{
    /// <summary>Which commit.</summary>
    public required CommitId Commit { get; init; }

    /// <summary>When it was committed, in the committer's offset.</summary>
    public required DateTimeOffset CommitDate { get; init; }

    /// <summary>Every file, sorted ordinally by path.</summary>
    public required ImmutableArray<RevisionFile> Files { get; init; }

    /// <summary>What a person should know of files that are left out.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>The file at exactly this path, or null.</summary>
    public RevisionFile? Find(RepoPath path)
    {
        var index = LowerBound(path.Value);
        return index < Files.Length && Files[index].Path == path ? Files[index] : null;
    }

    /// <summary>The files below a folder, sorted.</summary>
    public IEnumerable<RevisionFile> Below(RepoPath folder)
    {
        var prefix = folder.Value + "/";
        for (var index = LowerBound(prefix); index < Files.Length; index++)
        {
            if (!Files[index].Path.Value.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield break;
            }

            yield return Files[index];
        }
    }

    private int LowerBound(string path)
    {
        var (low, high) = (0, Files.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(Files[middle].Path.Value, path) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
