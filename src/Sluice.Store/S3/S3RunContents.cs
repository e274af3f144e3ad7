using System.Collections.Concurrent;
using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Store.S3;

/// <summary>Contents as a pod sees them: it reads those of the store and of its run, and puts into the area of its run alone.</summary>
internal sealed class S3RunContents(S3Bucket bucket, RunId run) : IRunContents
{
    private readonly S3Upload _upload = new(bucket, digest => SpaceNames.WorkContent(run, digest));
    private readonly ConcurrentDictionary<Digest, bool> _expected = new();

    /// <inheritdoc/>
    public void Expect(IEnumerable<BlobInfo> contents)
    {
        foreach (var content in contents)
        {
            _expected[content.Digest] = true;
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
        var info = await HashingCopy.HashAsync(path, cancellationToken);
        await _upload.PutLargeAsync(path, info, cancellationToken);
        if (!keep)
        {
            File.Delete(path);
        }

        return info;
    }

    /// <inheritdoc/>
    public async Task StageAsync(BlobInfo content, string path, UnixFileMode mode, CancellationToken cancellationToken)
    {
        var (stored, own) = (SpaceNames.Content(content.Digest), SpaceNames.WorkContent(run, content.Digest));
        string[] names = _expected.ContainsKey(content.Digest) ? [own, stored] : [stored, own];
        foreach (var name in names)
        {
            if (await TryCopyAsync(name, content, path, cancellationToken))
            {
                File.SetUnixFileMode(path, mode);
                return;
            }
        }

        throw new DamagedContentException(content);
    }

    /// <inheritdoc/>
    public async Task<bool> IsStoredAsync(BlobInfo content, CancellationToken cancellationToken) =>
        await bucket.HeadAsync(SpaceNames.Content(content.Digest), cancellationToken) is { } head && head.File.Size == content.Size && head.Seal == content.Digest.Hex;

    /// <inheritdoc/>
    public async Task<Stream?> OpenAsync(BlobInfo content, CancellationToken cancellationToken)
    {
        var name = SpaceNames.WorkContent(run, content.Digest);
        return await bucket.HeadAsync(name, cancellationToken) is { } head && head.File.Size == content.Size ? new S3ReadStream(bucket, name, content.Size) : null;
    }

    /// <inheritdoc/>
    public async Task<bool> TakeAsync(BlobInfo content, CancellationToken cancellationToken)
    {
        if (await IsStoredAsync(content, cancellationToken))
        {
            return true;
        }

        var name = SpaceNames.WorkContent(run, content.Digest);
        if (await bucket.HeadAsync(name, cancellationToken) is not { } head || head.File.Size != content.Size)
        {
            return false;
        }

        try
        {
            await using var source = new S3ReadStream(bucket, name, content.Size);
            if (await HashingCopy.CopyAsync(source, target: null, cancellationToken) != content)
            {
                return false;
            }
        }
        catch (FileNotFoundException)
        {
            return false;
        }

        // As it was when it was looked at, before it was read: a pod may write there again at any time.
        return await bucket.CopyAsync(name, SpaceNames.Content(content.Digest), content.Size, content.Digest.Hex, head.Version, cancellationToken);
    }

    private async Task<bool> TryCopyAsync(string name, BlobInfo content, string path, CancellationToken cancellationToken)
    {
        var isWhole = false;
        try
        {
            await using var source = new S3ReadStream(bucket, name, content.Size);
            using var target = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
            return isWhole = await HashingCopy.CopyAsync(source, target, cancellationToken) == content;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        finally
        {
            if (!isWhole)
            {
                File.Delete(path);
            }
        }
    }
}
