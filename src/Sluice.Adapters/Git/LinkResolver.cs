using System.Collections.Immutable;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Revisions;

namespace Sluice.Adapters.Git;

/// <summary>Replaces symbolic links of a tree by what they lead to, inside the tree only.</summary>
/// <param name="revision">The tree as it is in git.</param>
/// <param name="targets">What each link says, by blob id.</param>
internal sealed class LinkResolver(Revision revision, IReadOnlyDictionary<string, string> targets)
{
    // As many links in a row as Linux follows.
    private const int MaxLinks = 40;

    private const int MaxFiles = 1_000_000;
    private const int MaxNamed = 3;

    private readonly List<RevisionFile> _resolved = new(revision.Files.Length);
    private readonly List<RepoPath> _unresolved = [];
    private readonly Dictionary<string, string?> _followed = [];

    // The folders that links lead to from where the walk is: one that comes again is a circle.
    private readonly Stack<string> _inside = new();
    private int _linked;

    /// <summary>The tree with links resolved; one that leads out, nowhere or in a circle stays a link, and is warned of.</summary>
    /// <exception cref="SluiceException">The links stand for more files than there can be, or for longer paths.</exception>
    public Revision Resolve()
    {
        foreach (var file in revision.Files)
        {
            Add(file, file.Path.Value);
        }

        _resolved.Sort((left, right) => left.Path.CompareTo(right.Path));
        return revision with { Files = [.. _resolved], Warnings = [.. revision.Warnings, .. Warnings()] };
    }

    private void Add(RevisionFile file, string path)
    {
        if (file.Kind != RevisionFileKind.Symlink || Follow(file.Path.Value) is not { } target)
        {
            Append(file, path);
        }
        else if (Find(target) is { } found)
        {
            Append(found, path);
        }
        else if (_inside.Count == MaxLinks || _inside.Contains(target))
        {
            Append(file, path);
        }
        else
        {
            _inside.Push(target);
            foreach (var below in revision.Below(RepoPath.Trusted(target)))
            {
                Add(below, path + below.Path.Value[target.Length..]);
            }

            _inside.Pop();
        }
    }

    private void Append(RevisionFile file, string path)
    {
        if (path != file.Path.Value && (++_linked > MaxFiles || path.Length > RepoPath.MaxLength))
        {
            throw new SluiceException(
                FaultKind.Unprocessable,
                "too-many-links",
                $"Symbolic links of the repository stand for more than {MaxFiles} files, or for paths of more than {RepoPath.MaxLength} characters, first at '{path[..Math.Min(path.Length, 100)]}…'; link to fewer.");
        }

        var added = file with { Path = RepoPath.Trusted(path) };
        _resolved.Add(added);
        if (added.Kind == RevisionFileKind.Symlink)
        {
            _unresolved.Add(added.Path);
        }
    }

    private string? Follow(string path)
    {
        if (!_followed.TryGetValue(path, out var target))
        {
            target = FollowAnew(path);
            _followed.Add(path, target);
        }

        return target;
    }

    private string? FollowAnew(string path)
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
            if (Find(next) is not { Kind: RevisionFileKind.Symlink } link)
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

        return at.Length > 0 && (Find(at) is not null || revision.Below(RepoPath.Trusted(at)).Any()) ? at : null;
    }

    private RevisionFile? Find(string path) => revision.Find(RepoPath.Trusted(path));

    private IEnumerable<string> Warnings() => _unresolved.Count == 0
        ? []
        :
        [
            $"{_unresolved.Count} symbolic link(s) of the repository lead out of it, nowhere or in a circle; they are ignored: "
                + string.Join(", ", _unresolved.Order().Take(MaxNamed)) + (_unresolved.Count > MaxNamed ? ", …" : ""),
        ];
}
