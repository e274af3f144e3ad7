using System.Collections.Concurrent;
using System.Text;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Store.S3;

/// <summary>Copies under commits, made by the server from its own contents: not a byte of them comes through here.</summary>
internal sealed class S3Publication(S3Bucket bucket, S3BlobStore blobs, bool withData) : IPublication
{
    /// <inheritdoc/>
    public async Task PublishAsync(CommitRecord record, ReadOnlyMemory<byte> runJson, CancellationToken cancellationToken)
    {
        var there = await ListAsync(record.Commit, cancellationToken);
        var wanted = PublishedFiles.Of(record, withData).ToList();
        await ManyAtOnce.ForEachAsync(wanted, (pair, token) => CopyAsync(record.Commit, pair.Name, pair.File, there, token), cancellationToken);
        if (!withData)
        {
            // What is copied is seen to be there; the rest is looked for.
            await ManyAtOnce.ForEachAsync(record.Contents.Distinct(), CheckAsync, cancellationToken);
        }

        var names = wanted.Select(pair => pair.Name).Append(PublishedFiles.DateFile).Append(SpaceNames.RunFile).ToHashSet();
        await bucket.DeleteAsync([.. there.Keys.Where(name => !names.Contains(name)).Select(name => In(record.Commit, name))], cancellationToken);

        // The date last but one: with a date and without run.json, a whole commit of the original looks like this.
        await PutAsync(record.Commit, PublishedFiles.DateFile, Encoding.UTF8.GetBytes(PublishedFiles.DateOf(record)), cancellationToken);
        await PutAsync(record.Commit, SpaceNames.RunFile, runJson, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> MendAsync(CommitRecord record, CancellationToken cancellationToken)
    {
        var there = await ListAsync(record.Commit, cancellationToken);
        if (!there.ContainsKey(SpaceNames.RunFile))
        {
            return [];
        }

        var mended = new ConcurrentBag<string>();
        await ManyAtOnce.ForEachAsync(PublishedFiles.Of(record, withData), MendOneAsync, cancellationToken);
        return [.. mended.Order(StringComparer.Ordinal)];

        async Task MendOneAsync((string Name, StoredFile File) one, CancellationToken token)
        {
            if (!await IsCopyAsync(record.Commit, one.Name, one.File.Content, there, token) && await blobs.ExistsAsync(one.File.Content, token))
            {
                await CopyAsync(record.Commit, one.Name, one.File, there, token);
                mended.Add(one.Name);
            }
        }
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(CommitId commit, CancellationToken cancellationToken) =>
        await bucket.DeleteAsync([.. (await ListAsync(commit, cancellationToken)).Keys.Select(name => In(commit, name))], cancellationToken);

    private static string In(CommitId commit, string name) => $"{commit}/{name}";

    private async Task<Dictionary<string, SpaceFile>> ListAsync(CommitId commit, CancellationToken cancellationToken)
    {
        var there = new Dictionary<string, SpaceFile>();
        await foreach (var file in bucket.ListAsync(In(commit, ""), cancellationToken))
        {
            there[file.Name[(commit.Value.Length + 1)..]] = file;
        }

        return there;
    }

    private async Task CopyAsync(
        CommitId commit, string name, StoredFile file, Dictionary<string, SpaceFile> there, CancellationToken cancellationToken)
    {
        if (await IsCopyAsync(commit, name, file.Content, there, cancellationToken))
        {
            return;
        }

        var content = file.Content;
        if (!await bucket.CopyAsync(SpaceNames.Content(content.Digest), In(commit, name), content.Size, content.Digest.Hex, cancellationToken))
        {
            // Looked for once more, so that no look says any longer that it is there.
            await CheckAsync(content, cancellationToken);
        }
    }

    private async Task<bool> IsCopyAsync(
        CommitId commit, string name, BlobInfo content, Dictionary<string, SpaceFile> there, CancellationToken cancellationToken) =>
        there.TryGetValue(name, out var file) && file.Size == content.Size
        && (await bucket.HeadAsync(In(commit, name), cancellationToken))?.Seal == content.Digest.Hex;

    private async Task CheckAsync(BlobInfo content, CancellationToken cancellationToken)
    {
        if (!await blobs.ExistsAsync(content, cancellationToken))
        {
            throw new DamagedContentException(content);
        }
    }

    private async Task PutAsync(CommitId commit, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        await bucket.PutAsync(In(commit, name), stream, seal: null, onlyNew: false, cancellationToken);
    }
}
