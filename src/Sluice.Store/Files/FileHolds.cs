using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Store.Files;

/// <summary>Holds as a file per run with a digest on each line. A gc deletes only while it has the lock alone, which a process that dies gives up.</summary>
internal sealed class FileHolds(SpaceFolder folder) : IHolds
{
    /// <inheritdoc/>
    public async Task AddAsync(RunId run, IEnumerable<Digest> digests, CancellationToken cancellationToken)
    {
        await using var together = await RecordAsync(cancellationToken);
        await File.AppendAllLinesAsync(folder.HeldBy(run), digests.Select(digest => digest.Hex), cancellationToken);
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(RunId run, CancellationToken cancellationToken)
    {
        File.Delete(folder.HeldBy(run));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<HashSet<Digest>> ReadAsync(CancellationToken cancellationToken)
    {
        var held = new HashSet<Digest>();
        foreach (var path in Directory.EnumerateFiles(folder.PathOf(SpaceNames.Held)))
        {
            if (RunId.TryParse(Path.GetFileName(path), out var run) && !File.Exists(folder.PathOf(SpaceNames.Run(run))))
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

        return Task.FromResult(held);
    }

    /// <inheritdoc/>
    public async Task<IAsyncDisposable> RecordAsync(CancellationToken cancellationToken) =>
        await FolderLock.AcquireAsync(folder.HoldsLock, isAlone: false, cancellationToken);

    /// <inheritdoc/>
    public Task<IAsyncDisposable?> TryBeginGcAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IAsyncDisposable?>(FolderLock.TryAcquire(folder.GcLock, isAlone: true));

    /// <inheritdoc/>
    public async Task<IAsyncDisposable> BeginDeletingAsync(CancellationToken cancellationToken) =>
        await FolderLock.AcquireAsync(folder.HoldsLock, isAlone: true, cancellationToken);

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
