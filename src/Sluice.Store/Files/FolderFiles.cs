namespace Sluice.Store.Files;

/// <summary>The small files of a space in a folder; written beside and renamed, so that each is whole or not there.</summary>
internal sealed class FolderFiles(SpaceFolder folder, UnflushedFiles unflushed) : ISpaceFiles
{
    /// <inheritdoc/>
    public async Task<byte[]?> ReadAsync(string name, int? maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            return maxBytes is { } most
                ? await ReadHeadAsync(folder.PathOf(name), most, cancellationToken)
                : await File.ReadAllBytesAsync(folder.PathOf(name), cancellationToken);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<Stream?>(File.Exists(folder.PathOf(name)) ? File.OpenRead(folder.PathOf(name)) : null);

    /// <inheritdoc/>
    public Task<bool> WriteAsync(string name, ReadOnlyMemory<byte> content, bool replace, CancellationToken cancellationToken)
    {
        var (path, temporary) = (folder.PathOf(name), folder.NewTemporary());
        File.WriteAllBytes(temporary, content.Span);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (replace)
        {
            File.Move(temporary, path, overwrite: true);
        }
        else
        {
            // A second name is given to one only, however many try; File.Move looks first and renames then.
            var isFirst = NativeFiles.TryLink(temporary, path);
            File.Delete(temporary);
            if (!isFirst)
            {
                return File.Exists(path)
                    ? Task.FromResult(false)
                    : throw new IOException($"'{path}' could not be made: the file system of the store has to know hard links.");
            }
        }

        unflushed.Add(path);
        return Task.FromResult(true);
    }

    /// <inheritdoc/>
    public Task<SpaceFile?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var file = new FileInfo(folder.PathOf(name));
        return Task.FromResult(file.Exists ? Describe(file) : null);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<SpaceFile> ListAsync(string folderName, CancellationToken cancellationToken)
    {
        var root = new DirectoryInfo(folder.PathOf(folderName));
        return (root.Exists ? root.EnumerateFiles("*", SearchOption.AllDirectories) : []).Select(Describe).ToAsyncEnumerable();
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListFoldersAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. new DirectoryInfo(folder.Root).EnumerateDirectories().Select(found => found.Name)]);

    /// <inheritdoc/>
    public Task DeleteAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        foreach (var path in names.Select(folder.PathOf).Where(File.Exists))
        {
            File.Delete(path);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancellationToken) => Task.Run(unflushed.Flush, cancellationToken);

    private SpaceFile Describe(FileInfo file) => new(folder.NameOf(file.FullName), file.Length, file.LastWriteTimeUtc);

    private static async Task<byte[]> ReadHeadAsync(string path, int most, CancellationToken cancellationToken)
    {
        var head = new byte[most];
        await using var file = File.OpenRead(path);
        return head[..await file.ReadAtLeastAsync(head, most, throwOnEndOfStream: false, cancellationToken)];
    }
}
