using System.Collections.Concurrent;
using Sluice.Core.Results;

namespace Sluice.Store.Files;

/// <summary>Contents as read-only files named by their digest; put under their name by a rename, so that none is ever half there.</summary>
internal sealed class FileBlobStore(SpaceFolder folder, UnflushedFiles unflushed, TimeProvider time) : IBlobStore
{
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly ConcurrentDictionary<string, ContentFolder> _seen = new();

    /// <inheritdoc/>
    public async Task<BlobInfo> PutAsync(Stream content, CancellationToken cancellationToken)
    {
        var temporary = folder.NewTemporary();
        try
        {
            BlobInfo info;
            using (var target = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                info = await HashingCopy.CopyAsync(content, target, cancellationToken);
            }

            Keep(temporary, info);
            return info;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <inheritdoc/>
    public async Task<BlobInfo?> TakeFileAsync(string path, bool keep, CancellationToken cancellationToken)
    {
        if (NativeFiles.LinksOfRegularFile(path) is not { } links)
        {
            return null;
        }

        // A second name would let somebody write to what is kept.
        if (keep || links > 1)
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            return await PutAsync(stream, cancellationToken);
        }

        NativeFiles.MakeReadable(path);
        var info = await HashingCopy.HashAsync(path, cancellationToken);
        Keep(path, info);
        return info;
    }

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(BlobInfo content, CancellationToken cancellationToken) => Task.FromResult(IsThere(content));

    /// <inheritdoc/>
    public Task<IContentLook> LookAsync(IEnumerable<BlobInfo> expected, CancellationToken cancellationToken) =>
        Task.FromResult<IContentLook>(new ContentLook(folder, _seen, IsThere));

    /// <inheritdoc/>
    public Task<Stream?> OpenAsync(BlobInfo content, CancellationToken cancellationToken) => Task.FromResult<Stream?>(Open(content));

    /// <inheritdoc/>
    public async Task StageAsync(BlobInfo content, string path, UnixFileMode mode, CancellationToken cancellationToken)
    {
        await using var source = Open(content) ?? throw Damaged(content);
        BlobInfo written;
        using (var target = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write))
        {
            written = await HashingCopy.CopyAsync(source, target, cancellationToken);
        }

        if (written != content)
        {
            File.Delete(path);
            throw Damaged(content);
        }

        File.SetUnixFileMode(path, mode);
    }

    /// <inheritdoc/>
    public async Task<bool> VerifyAsync(BlobInfo content, CancellationToken cancellationToken)
    {
        var path = folder.Content(content.Digest);
        if (File.Exists(path) && await HashingCopy.HashAsync(path, cancellationToken) == content)
        {
            return true;
        }

        Quarantine(content);
        return false;
    }

    /// <summary>Takes a damaged content out of the store; it stays to be looked at.</summary>
    public void Quarantine(BlobInfo content)
    {
        var path = folder.Content(content.Digest);
        if (File.Exists(path))
        {
            Directory.CreateDirectory(folder.PathOf(SpaceNames.Damaged));
            File.Move(path, Path.Combine(folder.PathOf(SpaceNames.Damaged), content.Digest.Hex), overwrite: true);
        }
    }

    private bool IsThere(BlobInfo content)
    {
        var file = new FileInfo(folder.Content(content.Digest));
        if (ContentSeal.Holds(file, content))
        {
            return true;
        }

        Quarantine(content);
        return false;
    }

    private FileStream? Open(BlobInfo content) => IsThere(content)
        ? new FileStream(folder.Content(content.Digest), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0)
        : null;

    private DamagedContentException Damaged(BlobInfo content)
    {
        Quarantine(content);
        return new DamagedContentException(content);
    }

    // The age is set before the name, so that no gc takes a content that has just been put. What is there already may be damaged: the new one stays.
    private void Keep(string file, BlobInfo info)
    {
        var path = folder.Content(info.Digest);
        File.SetUnixFileMode(file, ReadOnly);
        File.SetLastWriteTimeUtc(file, ContentSeal.Seal(time.GetUtcNow().UtcDateTime, info.Digest));
        try
        {
            File.Move(file, path, overwrite: true);
        }
        catch (Exception exception) when (exception is DirectoryNotFoundException or FileNotFoundException)
        {
            // .NET looks for the folder only when the system has missed something: it calls the file missing where another has just made the folder.
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(file, path, overwrite: true);
        }

        unflushed.Add(path);
    }
}
