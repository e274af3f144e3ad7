using Sluice.Core.Results;

namespace Sluice.Core.Revisions;

/// <summary>Finds the contents behind files of a revision; a blob that is known is never read again.</summary>
public sealed class RevisionContents(IRevisionMemo memo)
{
    /// <summary>
    /// The contents by git's blob id; what was not known is read and put into the store on the way. Contents in Git LFS are known by their
    /// pointers, and not fetched.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, BlobInfo>> ReadAsync(
        IRepository repository, IBlobStore blobs, IReadOnlyCollection<RevisionFile> files, CancellationToken cancellationToken)
    {
        var known = await memo.FindContentsAsync([.. files.Select(file => file.BlobId).Distinct()], cancellationToken);
        var unknown = files.Where(file => !known.ContainsKey(file.BlobId)).DistinctBy(file => file.BlobId).ToList();
        if (unknown.Count == 0)
        {
            return known;
        }

        var all = new Dictionary<string, BlobInfo>(known);
        var read = await ImportAsync(repository, blobs, unknown, isFetching: false, cancellationToken);
        foreach (var (id, content) in read)
        {
            all[id] = content;
        }

        await memo.SaveContentsAsync(read, cancellationToken);
        return all;
    }

    /// <summary>Puts those files into the store whose contents are not there: another job's, or lost.</summary>
    public static async Task EnsureStoredAsync(
        IRepository repository,
        IBlobStore blobs,
        IEnumerable<(RevisionFile File, BlobInfo Content)> files,
        CancellationToken cancellationToken)
    {
        var wanted = files.DistinctBy(pair => pair.File.BlobId).ToList();
        var look = await blobs.LookAsync(wanted.Select(pair => pair.Content), cancellationToken);
        var missing = new List<RevisionFile>();
        foreach (var (file, content) in wanted)
        {
            if (!await look.IsThereAsync(content, cancellationToken))
            {
                missing.Add(file);
            }
        }

        if (missing.Count > 0)
        {
            await ImportAsync(repository, blobs, missing, isFetching: true, cancellationToken);
        }
    }

    private static async Task<Dictionary<string, BlobInfo>> ImportAsync(
        IRepository repository, IBlobStore blobs, List<RevisionFile> files, bool isFetching, CancellationToken cancellationToken)
    {
        var read = new Dictionary<string, BlobInfo>();
        await repository.ReadContentsAsync(files, ReceiveAsync, cancellationToken);
        return read;

        async Task ReceiveAsync(string id, GitContent content, CancellationToken token)
        {
            if (content.Known is { } known && !isFetching)
            {
                read[id] = known;
                return;
            }

            await using var stream = await content.OpenAsync(token);
            read[id] = await blobs.PutAsync(stream, token);
        }
    }
}
