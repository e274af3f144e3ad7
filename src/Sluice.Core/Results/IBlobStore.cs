namespace Sluice.Core.Results;

/// <summary>Contents by digest, each once. Safe for use by many at once.</summary>
public interface IBlobStore
{
    /// <summary>Keeps what the stream holds; a content that is there already has its age renewed.</summary>
    Task<BlobInfo> PutAsync(Stream content, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps a file's content; takes the file itself where that saves a copy (one link, same file system). Nobody may have it open
    /// for writing. Bounded memory, whatever the size.
    /// </summary>
    /// <param name="path">A file; a link is not followed.</param>
    /// <param name="keep">Leave the file where it is.</param>
    /// <param name="cancellationToken">Stops it; the file then may or may not be gone.</param>
    /// <returns>Null when it is not a regular file (a link, a FIFO, a socket, a device, a folder); it is then not opened.</returns>
    Task<BlobInfo?> TakeFileAsync(string path, bool keep, CancellationToken cancellationToken);

    /// <summary>Whether the content is there with the right size; the bytes are not read.</summary>
    Task<bool> ExistsAsync(BlobInfo content, CancellationToken cancellationToken);

    /// <summary>The first content of many that is not there; null where all are.</summary>
    async Task<BlobInfo?> FirstLostAsync(IEnumerable<BlobInfo> contents, CancellationToken cancellationToken)
    {
        foreach (var content in contents)
        {
            if (!await ExistsAsync(content, cancellationToken))
            {
                return content;
            }
        }

        return null;
    }

    /// <summary>
    /// Takes one look at what is there. A content that is lost or damaged in place after the look is noticed when it is read.
    /// </summary>
    /// <param name="expected">The contents that will most likely be asked about; others may be, at the price of a question each.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<IContentLook> LookAsync(IEnumerable<BlobInfo> expected, CancellationToken cancellationToken);

    /// <summary>Opens a content for reading, seekable; the digest is not checked.</summary>
    /// <returns>Null when it is not there or its size is wrong.</returns>
    Task<Stream?> OpenAsync(BlobInfo content, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a new file that shares no inode with the store (a reflink or a copy), checking the digest on the way.
    /// </summary>
    /// <exception cref="DamagedContentException">The content is missing or not what its digest says; it is out of the store when this is thrown.</exception>
    Task StageAsync(BlobInfo content, string path, UnixFileMode mode, CancellationToken cancellationToken);

    /// <summary>Reads a content and compares it with its digest; a damaged one is taken out of the store.</summary>
    /// <returns>Whether it is whole.</returns>
    Task<bool> VerifyAsync(BlobInfo content, CancellationToken cancellationToken);
}
