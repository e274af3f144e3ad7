namespace Sluice.Core.Results;

/// <summary>What running a task needs of a store: to put contents where the task sees them, and to take what it has made. Safe for use by many at once.</summary>
public interface ITaskContents
{
    /// <summary>
    /// Keeps a file's content; takes the file itself where that saves a copy (one link, same file system). Nobody may have it open
    /// for writing. Bounded memory, whatever the size.
    /// </summary>
    /// <param name="path">A file; a link is not followed.</param>
    /// <param name="keep">Leave the file where it is.</param>
    /// <param name="cancellationToken">Stops it; the file then may or may not be gone.</param>
    /// <returns>Null when it is not a regular file (a link, a FIFO, a socket, a device, a folder); it is then not opened.</returns>
    Task<BlobInfo?> TakeFileAsync(string path, bool keep, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a new file that shares no inode with the store (a reflink or a copy), checking the digest on the way.
    /// </summary>
    /// <exception cref="DamagedContentException">The content is missing or not what its digest says; it is out of the store when this is thrown.</exception>
    Task StageAsync(BlobInfo content, string path, UnixFileMode mode, CancellationToken cancellationToken);
}
