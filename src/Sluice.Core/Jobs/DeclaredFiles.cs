using System.Collections.Immutable;
using Sluice.Core.Revisions;

namespace Sluice.Core.Jobs;

/// <summary>Finds the files behind patterns; one set for all tasks with the same patterns, so that it is listed and digested once.</summary>
internal sealed class DeclaredFiles(Revision revision)
{
    private readonly Dictionary<string, (FileSet Set, ImmutableArray<string> Unmatched)> _sets = [];

    /// <summary>The files that some patterns of a field match and that are wanted, and the patterns that match nothing.</summary>
    /// <param name="field">The field; the same patterns of another field are another set.</param>
    /// <param name="patterns">The patterns.</param>
    /// <param name="isWanted">Whether a file belongs into the set; the same for every call with that field.</param>
    public (FileSet Set, ImmutableArray<string> Unmatched) Matching(
        string field, ImmutableArray<string> patterns, Func<RevisionFile, bool> isWanted)
    {
        var key = $"{field}\n{string.Join('\n', patterns)}";
        if (!_sets.TryGetValue(key, out var found))
        {
            _sets.Add(key, found = Match(patterns, isWanted));
        }

        return found;
    }

    /// <summary>The set of a name, which is made when it is asked for first.</summary>
    public FileSet Named(string name, Func<IEnumerable<RevisionFile>> find)
    {
        if (!_sets.TryGetValue(name, out var found))
        {
            _sets.Add(name, found = (new FileSet([.. find()]), []));
        }

        return found.Set;
    }

    private (FileSet Set, ImmutableArray<string> Unmatched) Match(ImmutableArray<string> patterns, Func<RevisionFile, bool> isWanted)
    {
        var files = new SortedDictionary<string, RevisionFile>(StringComparer.Ordinal);
        var unmatched = new List<string>();
        foreach (var pattern in patterns)
        {
            var matches = Matches(pattern).ToList();
            if (matches.Count == 0)
            {
                unmatched.Add(pattern);
            }

            foreach (var file in matches.Where(isWanted))
            {
                files[file.Path.Value] = file;
            }
        }

        return (new FileSet([.. files.Values]), [.. unmatched]);
    }

    private IEnumerable<RevisionFile> Matches(string pattern)
    {
        if (Glob.Check(pattern, out var glob) is not null)
        {
            return [];
        }

        var among = glob!.Folder is { } folder ? revision.Below(folder) : revision.Files;
        return among.Where(file => file.IsReadable && glob.IsMatch(file.Path));
    }
}
