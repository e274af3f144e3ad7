namespace Sluice.Store.Files;

/// <summary>A lock that processes share, or that one has alone; it ends with its process.</summary>
internal static class FolderLock
{
    // EWOULDBLOCK: anything else, a disk that may not be written for example, would be waited for in vain.
    private static readonly int WouldBlock = OperatingSystem.IsMacOS() ? 35 : 11;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits for the lock; disposing the answer gives it up.</summary>
    /// <param name="path">The lock file.</param>
    /// <param name="isAlone">Whether nobody else may have it meanwhile.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<IAsyncDisposable> AcquireAsync(string path, bool isAlone, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryAcquire(path, isAlone) is { } held)
            {
                return held;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>The lock, or null while somebody else has it.</summary>
    public static IAsyncDisposable? TryAcquire(string path, bool isAlone)
    {
        try
        {
            // .NET locks a file that is opened so: alone for None, together for Read (flock).
            return new FileStream(path, FileMode.OpenOrCreate, isAlone ? FileAccess.ReadWrite : FileAccess.Read, isAlone ? FileShare.None : FileShare.Read);
        }
        catch (IOException exception) when (exception.HResult == WouldBlock)
        {
            return null;
        }
    }
}
