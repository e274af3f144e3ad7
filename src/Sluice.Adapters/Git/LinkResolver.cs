using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Revisions;

namespace Sluice.Adapters.Git;

/// <summary>Replaces symbolic links of a tree by what they lead to, inside the tree only.</summary>
internal static class LinkResolver
{
    // As many links in a row as Linux follows.
    private const int MaxLinks = 40;

    private const int MaxFiles = 1_000_000;

    /// <summary>The files with links resolved; one that leads out, nowhere or in a circle stays a link.</summary>
    /// <param name="files">Sorted by path.</param>
    /// <param name="targets">What each link says, by blob id.</param>
    public static ImmutableArray<RevisionFile> Resolve(ImmutableArray<RevisionFile> files, IReadOnlyDictionary<string, string> targets)
    {
        var byPath = files.ToDictionary(file => file.Path.Value);
        var folders = files.SelectMany(file => Parents(file.Path.Value)).ToHashSet();
        var resolved = new List<RevisionFile>(files.Length);
        foreach (var file in files)
        {
            if (file.Kind != RevisionFileKind.Symlink || Follow(file.Path.Value) is not { } target)
            {
                resolved.Add(file);
            }
            else if (byPath.TryGetValue(target, out var found))
            {
                resolved.Add(found with { Path = file.Path });
            }
            else
            {
                var below = files.Where(other => other.IsReadable && other.Path.Value.StartsWith(target + "/", StringComparison.Ordinal));
                resolved.AddRange(below
                    .Take(MaxFiles - resolved.Count)
                    .Select(other => other with { Path = RepoPath.Trusted(file.Path.Value + other.Path.Value[target.Length..]) }));
            }
        }

        return [.. resolved.OrderBy(file => file.Path.Value, StringComparer.Ordinal)];

        string? Follow(string path)
        {
            var parts = new Stack<string>(path.Split('/').Reverse());
            var (at, links) = ("", 0);
            while (parts.TryPop(out var part))
            {
                if (part == "..")
                {
                    if (at.Length == 0)
                    {
                        return null;
                    }

                    at = at.Contains('/', StringComparison.Ordinal) ? at[..at.LastIndexOf('/')] : "";
                    continue;
                }

                var next = at.Length == 0 ? part : $"{at}/{part}";
                if (byPath.GetValueOrDefault(next) is not { Kind: RevisionFileKind.Symlink } link)
                {
                    at = next;
                }
                else if (++links > MaxLinks || targets[link.BlobId] is not { Length: > 0 } target || target[0] == '/')
                {
                    return null;
                }
                else
                {
                    foreach (var step in target.Split('/').Reverse().Where(step => step is not ("" or ".")))
                    {
                        parts.Push(step);
                    }
                }
            }

            return byPath.ContainsKey(at) || folders.Contains(at) ? at : null;
        }
    }

    private static IEnumerable<string> Parents(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            yield return path[..slash];
        }
    }
}
