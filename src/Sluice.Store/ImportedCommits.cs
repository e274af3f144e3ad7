using System.Collections.Concurrent;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Store;

/// <summary>The commits that the original service stored: a copy as people see it, and nothing behind it.</summary>
internal sealed class ImportedCommits(ISpaceFiles files, IBlobStore blobs)
{
    private readonly ConcurrentDictionary<CommitId, IReadOnlyList<StoredFile>> _taken = new();

    /// <summary>Those with a date and without <c>run.json</c>.</summary>
    public async Task<IReadOnlyList<CommitId>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new ConcurrentBag<CommitId>();
        await ManyAtOnce.ForEachAsync(await files.ListFoldersAsync(cancellationToken), LookAsync, cancellationToken);
        return [.. found];

        async Task LookAsync(string folder, CancellationToken token)
        {
            if (CommitId.TryParse(folder, out var commit)
                && await files.FindAsync($"{folder}/{PublishedFiles.DateFile}", token) is not null
                && await files.FindAsync($"{folder}/{SpaceNames.RunFile}", token) is null)
            {
                found.Add(commit);
            }
        }
    }

    /// <summary>Takes the data of one among the contents; once, since it may be much.</summary>
    public async Task<IReadOnlyList<StoredFile>> TakeAsync(CommitId commit, CancellationToken cancellationToken)
    {
        if (_taken.TryGetValue(commit, out var known))
        {
            return known;
        }

        var below = $"{commit}/data";
        var taken = new ConcurrentBag<StoredFile>();
        await ManyAtOnce.ForEachAsync(files.ListAsync(below, cancellationToken), TakeOneAsync, cancellationToken);
        return _taken[commit] = [.. taken.OrderBy(file => file.Path)];

        async Task TakeOneAsync(SpaceFile file, CancellationToken token)
        {
            if (RepoPath.Check(file.Name[(below.Length + 1)..], out var path) is null && await files.OpenAsync(file.Name, token) is { } stream)
            {
                await using (stream)
                {
                    taken.Add(new StoredFile(path, await blobs.PutAsync(stream, token), IsExecutable: false));
                }
            }
        }
    }
}
