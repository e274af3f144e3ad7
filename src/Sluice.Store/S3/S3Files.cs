namespace Sluice.Store.S3;

/// <summary>The small files of a space as objects: a put is whole or not there, and durable when it is answered.</summary>
internal sealed class S3Files(S3Bucket bucket, bool hasSingleWriter) : ISpaceFiles
{
    /// <inheritdoc/>
    public Task<byte[]?> ReadAsync(string name, int? maxBytes, CancellationToken cancellationToken) => bucket.ReadAsync(name, maxBytes, cancellationToken);

    /// <inheritdoc/>
    public async Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken) is { } file ? new S3ReadStream(bucket, name, file.Size) : null;

    /// <inheritdoc/>
    public async Task<bool> WriteAsync(string name, ReadOnlyMemory<byte> content, bool replace, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        if (!replace && hasSingleWriter)
        {
            // Nobody else writes, and so nothing comes between the two.
            return await bucket.HeadAsync(name, cancellationToken) is null && await bucket.PutAsync(name, stream, seal: null, onlyNew: false, cancellationToken);
        }

        // When an answer is lost, the server is asked again and says that the object is there: it may be our own.
        return await bucket.PutAsync(name, stream, seal: null, onlyNew: !replace, cancellationToken)
            || (await bucket.ReadAsync(name, maxBytes: null, cancellationToken) is { } there && content.Span.SequenceEqual(there));
    }

    /// <inheritdoc/>
    public async Task<SpaceFile?> FindAsync(string name, CancellationToken cancellationToken) => (await bucket.HeadAsync(name, cancellationToken))?.File;

    /// <inheritdoc/>
    public IAsyncEnumerable<SpaceFile> ListAsync(string folder, CancellationToken cancellationToken) => bucket.ListAsync(folder + "/", cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListFoldersAsync(CancellationToken cancellationToken) => bucket.ListFoldersAsync(cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken) => bucket.DeleteAsync(names, cancellationToken);

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
