using System.Collections.Concurrent;
using Sluice.Core.Results;

namespace Sluice.Store.S3;

/// <summary>Contents as objects named by their digest. Each is sealed with its digest: one without has been written by somebody else, and is read before it is believed.</summary>
internal sealed class S3BlobStore(S3Bucket bucket, string spool, TimeProvider time) : IBlobStore
{
    /// <summary>Up to here a content is held in memory, and put without asking whether it is there.</summary>
    private const int Small = 64 * 1024;

    /// <summary>A content that is put again renews its age when that is over this; a gc's grace time is longer.</summary>
    private static readonly TimeSpan RenewAfter = TimeSpan.FromDays(1);

    private readonly S3Upload _upload = new(bucket, SpaceNames.Content);
    private readonly ConcurrentDictionary<BlobInfo, DateTimeOffset> _seen = new();

    /// <inheritdoc/>
    public async Task<BlobInfo> PutAsync(Stream content, CancellationToken cancellationToken)
    {
        var head = new byte[Small];
        var length = await content.ReadAtLeastAsync(head, Small, throwOnEndOfStream: false, cancellationToken);
        if (length < Small)
        {
            return await _upload.PutSmallAsync(head[..length], cancellationToken);
        }

        var temporary = NewTemporary();
        try
        {
            await using (var file = File.Create(temporary))
            {
                await file.WriteAsync(head, cancellationToken);
                await content.CopyToAsync(file, cancellationToken);
            }

            return await PutFileAsync(temporary, cancellationToken);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <inheritdoc/>
    public async Task<BlobInfo?> TakeFileAsync(string path, bool keep, CancellationToken cancellationToken)
    {
        if (NativeFiles.LinksOfRegularFile(path) is null)
        {
            return null;
        }

        NativeFiles.MakeReadable(path);
        var info = await PutFileAsync(path, cancellationToken);
        if (!keep)
        {
            File.Delete(path);
        }

        return info;
    }

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(BlobInfo content, CancellationToken cancellationToken)
    {
        var head = await bucket.HeadAsync(SpaceNames.Content(content.Digest), cancellationToken);
        if (head is { } found && found.File.Size == content.Size && found.Seal == content.Digest.Hex)
        {
            return true;
        }

        // Without its seal somebody else has put it there: a copy of the bucket loses the seals, for example.
        if (head is not null && await VerifyAsync(content, cancellationToken))
        {
            return true;
        }

        // A look that saw it must not say so again, or what makes it would not run.
        _seen.TryRemove(content, out _);
        return false;
    }

    /// <inheritdoc/>
    public async Task<IContentLook> LookAsync(IEnumerable<BlobInfo> expected, CancellationToken cancellationToken)
    {
        var look = new S3Look(this, bucket, time, _seen);
        await look.TakeAsync(expected, cancellationToken);
        return look;
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenAsync(BlobInfo content, CancellationToken cancellationToken) =>
        await ExistsAsync(content, cancellationToken) ? Read(content) : null;

    /// <inheritdoc/>
    public async Task StageAsync(BlobInfo content, string path, UnixFileMode mode, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(content, cancellationToken))
        {
            throw new DamagedContentException(content);
        }

        var isWhole = false;
        try
        {
            isWhole = await CopyToAsync(content, path, cancellationToken);
        }
        finally
        {
            if (!isWhole)
            {
                File.Delete(path);
            }
        }

        if (!isWhole)
        {
            await QuarantineAsync(content, cancellationToken);
            throw new DamagedContentException(content);
        }

        File.SetUnixFileMode(path, mode);
    }

    /// <inheritdoc/>
    public async Task<bool> VerifyAsync(BlobInfo content, CancellationToken cancellationToken)
    {
        var name = SpaceNames.Content(content.Digest);
        if (await bucket.HeadAsync(name, cancellationToken) is not { } head)
        {
            return false;
        }

        if (head.File.Size == content.Size)
        {
            await using var source = Read(content);
            if (await HashingCopy.CopyAsync(source, target: null, cancellationToken) == content)
            {
                return head.Seal == content.Digest.Hex || await bucket.CopyAsync(name, name, content.Size, content.Digest.Hex, cancellationToken);
            }
        }

        await QuarantineAsync(content, cancellationToken);
        return false;
    }

    private async Task<bool> CopyToAsync(BlobInfo content, string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var source = Read(content);
            using var target = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
            return await HashingCopy.CopyAsync(source, target, cancellationToken) == content;
        }
        catch (FileNotFoundException)
        {
            // Taken away, or cut off, while it was read.
            return false;
        }
    }

    private S3ReadStream Read(BlobInfo content) => new(bucket, SpaceNames.Content(content.Digest), content.Size);

    // It stays to be looked at.
    private async Task QuarantineAsync(BlobInfo content, CancellationToken cancellationToken)
    {
        _seen.TryRemove(content, out _);
        var name = SpaceNames.Content(content.Digest);
        if (await bucket.HeadAsync(name, cancellationToken) is { } head)
        {
            await bucket.CopyAsync(name, SpaceNames.DamagedContent(content.Digest), head.File.Size, seal: "", cancellationToken);
            await bucket.DeleteAsync([name], cancellationToken);
        }
    }

    private async Task<BlobInfo> PutFileAsync(string path, CancellationToken cancellationToken)
    {
        if (new FileInfo(path).Length <= Small)
        {
            return await _upload.PutSmallAsync(await File.ReadAllBytesAsync(path, cancellationToken), cancellationToken);
        }

        var info = await HashingCopy.HashAsync(path, cancellationToken);
        var name = SpaceNames.Content(info.Digest);
        if (await bucket.HeadAsync(name, cancellationToken) is { } head && head.File.Size == info.Size && head.Seal == info.Digest.Hex)
        {
            if (time.GetUtcNow() - head.File.Modified < RenewAfter || await bucket.CopyAsync(name, name, info.Size, info.Digest.Hex, cancellationToken))
            {
                return info;
            }
        }

        await _upload.PutLargeAsync(path, info, cancellationToken);
        return info;
    }

    private string NewTemporary()
    {
        Directory.CreateDirectory(spool);
        return Path.Combine(spool, Path.GetRandomFileName());
    }
}
