namespace Sluice.Core.Results;

/// <summary>Contents by digest, each once. Safe for use by many at once.</summary>
public interface IBlobStore : ITaskContents
{
    /// <summary>Keeps what the stream holds; a content that is there already has its age renewed.</summary>
    Task<BlobInfo> PutAsync(Stream content, CancellationToken cancellationToken);

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

    /// <summary>Reads a content and compares it with its digest; a damaged one is taken out of the store.</summary>
    /// <returns>Whether it is whole.</returns>
    Task<bool> VerifyAsync(BlobInfo content, CancellationToken cancellationToken);
}
