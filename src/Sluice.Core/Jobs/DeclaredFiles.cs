using System.Collections.Immutable;
using Sluice.Core.Revisions;

namespace Sluice.Core.Jobs;

/// <summary>
/// Finds the files of code and environments; one set for all tasks with the same patterns, so that it is listed and digested once. What lies
/// in the data folder, in the repository's or where a task has it, is none of them: it would pass for inputs and outputs.
/// </summary>
internal sealed class DeclaredFiles(Revision revision, RepoPath dataFolder)
{
    private static readonly RepoPath StagedData = RepoPath.Trusted("data");

    private readonly Dictionary<string, (FileSet Set, ImmutableArray<BadPattern> Wrong)> _sets = [];

    /// <summary>The files that some patterns match and that are wanted, and the patterns that match none.</summary>
    /// <param name="kind">Sets of different kinds are different ones: what is wanted depends on it.</param>
    /// <param name="patterns">The patterns.</param>
    /// <param name="isWanted">Whether a file belongs into a set of that kind.</param>
    public (FileSet Set, ImmutableArray<BadPattern> Wrong) Matching(
        string kind, ImmutableArray<string> patterns, Func<RevisionFile, bool> isWanted)
    {
        var key = $"{kind}\n{string.Join('\n', patterns)}";
        if (!_sets.TryGetValue(key, out var found))
        {
            _sets.Add(key, found = Match(patterns, isWanted));
        }

        return found;
    }

    /// <summary>The set of a kind that has no patterns.</summary>
    public FileSet Default(string kind, Func<IEnumerable<RevisionFile>> find)
    {
        if (!_sets.TryGetValue(kind, out var found))
        {
            _sets.Add(kind, found = (new FileSet([.. find().Where(file => file.IsReadable && !IsData(file.Path))]), []));
        }

        return found.Set;
    }

    /// <summary>Whether a path lies in the data folder, or where a task has it.</summary>
    public bool IsData(RepoPath path) => path.IsBelow(dataFolder) || path.IsBelow(StagedData) || path == dataFolder || path == StagedData;

    private (FileSet Set, ImmutableArray<BadPattern> Wrong) Match(ImmutableArray<string> patterns, Func<RevisionFile, bool> isWanted)
    {
        var files = new SortedDictionary<string, RevisionFile>(StringComparer.Ordinal);
        var wrong = ImmutableArray.CreateBuilder<BadPattern>();
        foreach (var pattern in patterns)
        {
            var matches = Matches(pattern).ToList();
            if (matches.TrueForAll(file => IsData(file.Path)))
            {
                wrong.Add(Wrong(pattern, matches));
            }

            foreach (var file in matches.Where(file => !IsData(file.Path) && isWanted(file)))
            {
                files[file.Path.Value] = file;
            }
        }

        return (new FileSet([.. files.Values]), wrong.DrainToImmutable());
    }

    private BadPattern Wrong(string pattern, List<RevisionFile> matches) =>
        matches.Count > 0 ? new(pattern, "matches only files of the data folder", "Declare them as inputs.")
        : RepoPath.Check(pattern, out var path) is null && revision.Below(path).Any()
            ? new(pattern, "is a folder", $"Write '{pattern}/**' for all below it.")
        : new(pattern, "matches no file", "Patterns are relative to the root of the repository; '*' stops at '/', '**' does not.");

    private IEnumerable<RevisionFile> Matches(string pattern)
    {
        if (Glob.Check(pattern, out var glob) is not null)
        {
            return [];
        }

        var among = glob!.Folder is { } folder ? revision.Below(folder) : revision.Files;
        return among.Where(file => file.IsReadable && glob.IsMatch(file.Path));
    }

    /// <summary>A pattern without a file.</summary>
    /// <param name="Pattern">As written.</param>
    /// <param name="Problem">What is wrong with it, as the end of a sentence.</param>
    /// <param name="Advice">What would be right.</param>
    internal sealed record BadPattern(string Pattern, string Problem, string Advice);
}
