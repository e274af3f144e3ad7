using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Store.Files;

/// <summary>
/// What runs that have not ended need: a file per run with a digest on each line. It lies in the store, since a gc may be at work on a machine that
/// cannot see the runs' database. A gc deletes only while it has the lock alone.
/// </summary>
internal sealed class Holds(SpaceLayout layout)
{
    /// <summary>Adds to what a run needs.</summary>
    public async Task AddAsync(RunId run, IEnumerable<Digest> digests, CancellationToken cancellationToken)
    {
        using var together = await FolderLock.AcquireAsync(layout.HoldsLock, isAlone: false, cancellationToken);
        await File.AppendAllLinesAsync(layout.HeldBy(run), digests.Select(digest => digest.Hex), cancellationToken);
    }

    /// <summary>A run needs nothing any more.</summary>
    public void Release(RunId run) => File.Delete(layout.HeldBy(run));

    /// <summary>Everything that is held; what a crash left of a run that has ended does not count.</summary>
    public HashSet<Digest> Read()
    {
        var held = new HashSet<Digest>();
        foreach (var path in Directory.EnumerateFiles(layout.Held))
        {
            if (RunId.TryParse(Path.GetFileName(path), out var run) && !File.Exists(layout.Run(run)))
            {
                foreach (var line in ReadLines(path))
                {
                    // The last line of a writer that was killed may be cut off.
                    if (Digest.TryParse(line, out var digest))
                    {
                        held.Add(digest);
                    }
                }
            }
        }

        return held;
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (FileNotFoundException)
        {
            // The run has ended meanwhile.
            return [];
        }
    }
}
