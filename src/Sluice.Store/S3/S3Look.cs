using System.Collections.Concurrent;
using Sluice.Core.Results;

namespace Sluice.Store.S3;

/// <summary>
/// One look at the contents: some are asked for one by one, many by listing them all. What was seen lately is not looked at again: what
/// somebody takes away behind that is noticed when it is read.
/// </summary>
internal sealed class S3Look(
    S3BlobStore blobs, S3Bucket bucket, TimeProvider time, ConcurrentDictionary<BlobInfo, DateTimeOffset> seen) : IContentLook
{
    /// <summary>More than this are listed: a page of a list has 1,000.</summary>
    private const int MaxSingle = 500;

    private const int Folders = 256;

    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<BlobInfo, bool> _here = new();
    private readonly DateTimeOffset _now = time.GetUtcNow();

    /// <summary>Looks for what will be asked.</summary>
    public async Task TakeAsync(IEnumerable<BlobInfo> expected, CancellationToken cancellationToken)
    {
        var unseen = expected.Where(content => !IsSeen(content)).ToHashSet();
        if (unseen.Count <= MaxSingle)
        {
            await ManyAtOnce.ForEachAsync(unseen, AskAsync, cancellationToken);
            return;
        }

        // A service runs for long, and most of what was seen is not asked about again.
        foreach (var old in seen.Where(pair => _now - pair.Value >= Lately).ToList())
        {
            seen.TryRemove(old);
        }

        await ManyAtOnce.ForEachAsync(Enumerable.Range(0, Folders), ListAsync, cancellationToken);
        foreach (var content in unseen)
        {
            _here.TryAdd(content, false);
        }

        async Task ListAsync(int number, CancellationToken token)
        {
            await foreach (var file in bucket.ListAsync($"{SpaceNames.Contents}/{number:x2}/", token))
            {
                // The rest of the store, which may be far larger, is nobody's question.
                if (Digest.TryParse(file.Stem, out var digest) && new BlobInfo(digest, file.Size) is var content && unseen.Contains(content))
                {
                    Add(content, true);
                }
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> IsThereAsync(BlobInfo content, CancellationToken cancellationToken) =>
        IsSeen(content) || (_here.TryGetValue(content, out var isHere) ? isHere : await AskAsync(content, cancellationToken));

    private bool IsSeen(BlobInfo content) => seen.TryGetValue(content, out var at) && _now - at < Lately;

    private async Task<bool> AskAsync(BlobInfo content, CancellationToken cancellationToken) =>
        Add(content, await blobs.ExistsAsync(content, cancellationToken));

    private bool Add(BlobInfo content, bool isHere)
    {
        _here[content] = isHere;
        if (isHere)
        {
            seen[content] = _now;
        }

        return isHere;
    }
}
