namespace Sluice.Store;

/// <summary>The small files of one job's space by name, each whole or not there. Safe for use by many at once.</summary>
internal interface ISpaceFiles
{
    /// <summary>What a file holds; null where there is none.</summary>
    /// <param name="name">Its name in the space.</param>
    /// <param name="maxBytes">How much of its beginning is wanted; null for all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<byte[]?> ReadAsync(string name, int? maxBytes, CancellationToken cancellationToken);

    /// <summary>Opens a file that may be large; null where there is none.</summary>
    Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken);

    /// <summary>Writes a file.</summary>
    /// <returns>False when it is there already and must not be replaced: of many that try at once, one only is told true.</returns>
    Task<bool> WriteAsync(string name, ReadOnlyMemory<byte> content, bool replace, CancellationToken cancellationToken);

    /// <summary>What is known of a file; null where there is none.</summary>
    Task<SpaceFile?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>All files below a folder, in no order.</summary>
    IAsyncEnumerable<SpaceFile> ListAsync(string folder, CancellationToken cancellationToken);

    /// <summary>The names of the folders of the space itself.</summary>
    Task<IReadOnlyList<string>> ListFoldersAsync(CancellationToken cancellationToken);

    /// <summary>Deletes files; one that is not there is none the less.</summary>
    Task DeleteAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken);

    /// <summary>Makes all that was written durable, contents and copies included.</summary>
    Task FlushAsync(CancellationToken cancellationToken);
}
