using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Store.Files;

/// <summary>
/// What runs that have not ended need: a folder per run with lists of digests, one a line. It lies in the store, since a gc may be at work on a
/// machine that cannot see the runs' database.
/// </summary>
internal sealed class Holds(SpaceLayout layout)
{
    /// <summary>Adds a list.</summary>
    public async Task AddAsync(RunId run, IEnumerable<Digest> digests, CancellationToken cancellationToken)
    {
        var temporary = layout.NewTemporary();
        await File.WriteAllLinesAsync(temporary, digests.Select(digest => digest.Hex), cancellationToken);
        var folder = Directory.CreateDirectory(layout.HeldBy(run));
        File.Move(temporary, Path.Combine(folder.FullName, Path.GetRandomFileName()));
    }

    /// <summary>Takes all lists of a run away.</summary>
    public void Release(RunId run)
    {
        if (Directory.Exists(layout.HeldBy(run)))
        {
            Directory.Delete(layout.HeldBy(run), recursive: true);
        }
    }

    /// <summary>Everything that is held; lists that a crash left of a run that has ended do not count.</summary>
    public HashSet<Digest> Read()
    {
        var held = new HashSet<Digest>();
        foreach (var folder in Directory.EnumerateDirectories(layout.Held))
        {
            if (RunId.TryParse(Path.GetFileName(folder), out var run) && !File.Exists(layout.Run(run)))
            {
                held.UnionWith(Lists(folder).SelectMany(ReadLines).Select(Digest.Parse));
            }
        }

        return held;
    }

    // A run may end meanwhile.
    private static string[] Lists(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder) : [];

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }
}
