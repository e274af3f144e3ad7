using Sluice.Client;
using Sluice.Core;
using Sluice.Core.Jobs;

namespace Sluice.Cli.Commands;

/// <summary>Where <c>sluice get</c> puts stored files: decided for all of them before the first is written.</summary>
internal static class GetLayout
{
    /// <summary>Stands for the standard output.</summary>
    public const string Output = "-";

    /// <summary>The files that were asked for, each with its place.</summary>
    /// <param name="stored">What there is.</param>
    /// <param name="asked">Files, and folders whose files keep their path below them.</param>
    /// <param name="to">A file for one file, else a folder; null is the current one.</param>
    /// <exception cref="SluiceException">Nothing has such a name, or two files would have one place.</exception>
    public static IReadOnlyList<(CommitFileView File, string Place)> Decide(CommitView stored, IReadOnlyList<string> asked, string? to)
    {
        if (to is { Length: 0 })
        {
            throw Wrong("-o is empty; name a file, a folder, or - for the standard output.");
        }

        var found = asked.SelectMany(path => Match(stored, path)).Distinct().ToList();
        if (to == Output)
        {
            return [.. found.Select(it => (it.File, Output))];
        }

        var isFile = to is not null && found is [{ IsWhole: true }] && !to.EndsWith('/') && !Directory.Exists(to);
        if (!isFile && to is not null && File.Exists(to))
        {
            throw Wrong($"-o: '{to}' is a file; what is asked for needs a folder.");
        }

        var placed = found.Select(it => (it.File, Place: isFile ? to! : Path.Combine(to ?? "", it.Below))).DistinctBy(it => (it.Place, it.File.Path)).ToList();
        return placed.GroupBy(it => it.Place).FirstOrDefault(group => group.Count() > 1) is { } clash
            ? throw Wrong($"{string.Join(" and ", clash.Select(it => $"'{it.File.Path}'"))} would both become '{clash.Key}'; get the folder above them, or one at a time with -o.")
            : placed;
    }

    private static List<Found> Match(CommitView stored, string path)
    {
        var name = path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
        name = name.StartsWith("data/", StringComparison.Ordinal) ? name[5..] : name;
        if (stored.Files.FirstOrDefault(file => file.Path == name) is { } whole)
        {
            return [new Found(whole, CheckPath(name)[(name.LastIndexOf('/') + 1)..], IsWhole: true)];
        }

        var folder = name.Length == 0 ? "" : name.TrimEnd('/') + "/";
        var below = stored.Files.Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal))
            .Select(file => new Found(file, CheckPath(file.Path)[folder.Length..], IsWhole: false))
            .ToList();
        return below.Count > 0
            ? below
            : throw new SluiceException(
                FaultKind.NotFound, "no-such-file", $"Nothing is stored as '{path}' for {stored.Commit[..7]}; it has {stored.Files.Count} files, see `sluice dag`.");
    }

    // The service may be anybody's.
    private static string CheckPath(string path) => RepoPath.Check(path, out _) is null
        ? path
        : throw new SluiceException(FaultKind.BadGateway, "no-path", "The service names a file by what is no path.");

    private static SluiceException Wrong(string message) => new(FaultKind.BadRequest, "wrong-target", message);

    private sealed record Found(CommitFileView File, string Below, bool IsWhole);
}
