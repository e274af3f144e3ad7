using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Revisions;

namespace Sluice.Adapters.Git;

/// <summary>One repository, read through its mirror.</summary>
internal sealed class GitRepository(RepositoryUrl url, Mirror mirror, Origin origin, LfsClient lfs) : IRepository
{
    private const int MaxAncestors = 10_000;

    private readonly RefResolver _refs = new(mirror, origin);

    /// <inheritdoc/>
    public RepositoryUrl Url => url;

    /// <inheritdoc/>
    public Task<ResolvedRef> ResolveAsync(string? reference, CancellationToken cancellationToken) =>
        _refs.ResolveAsync(reference, cancellationToken);

    /// <inheritdoc/>
    public async Task<Revision> ReadRevisionAsync(CommitId commit, CancellationToken cancellationToken)
    {
        var header = ReadKeptAsync(commit, ["cat-file", "commit", commit.Value], cancellationToken);
        var listing = ReadKeptAsync(commit, ["ls-tree", "-r", "-z", "--full-tree", commit.Value], cancellationToken);
        await Task.WhenAll(header, listing);
        var committed = CommitHeader.ParseDate(await header) ?? throw Unknown(commit);
        var (files, warnings) = TreeListing.Parse(await listing);
        var revision = new Revision
        {
            Commit = commit,
            CommitDate = committed,
            Files = files,
            Warnings = warnings,
        };
        return files.Any(file => file.Kind == RevisionFileKind.Symlink) ? await FollowLinksAsync(revision, cancellationToken) : revision;
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> ReadSmallAsync(RevisionFile file, int maxBytes, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>? found = null;
        await ReadContentsAsync([file], ReadAsync, cancellationToken);
        return found;

        async Task ReadAsync(string id, GitContent content, CancellationToken token)
        {
            if (content.Known?.Size > maxBytes)
            {
                return;
            }

            await using var stream = await content.OpenAsync(token);
            if (stream.Length <= maxBytes)
            {
                using var bytes = new MemoryStream();
                await stream.CopyToAsync(bytes, token);
                found = bytes.ToArray();
            }
        }
    }

    /// <inheritdoc/>
    public Task ReadContentsAsync(
        IReadOnlyCollection<RevisionFile> files, Func<string, GitContent, CancellationToken, Task> receive, CancellationToken cancellationToken)
    {
        var paths = files.GroupBy(file => file.BlobId).ToDictionary(group => group.Key, group => group.First().Path);
        return ReadBlobsAsync([.. paths.Keys], ReadAsync, cancellationToken);

        async Task ReadAsync(string id, Stream content, CancellationToken token)
        {
            if (content.Length > LfsPointer.MaxBytes)
            {
                await receive(id, new GitContent(null, _ => Task.FromResult(content)), token);
                return;
            }

            var bytes = new byte[content.Length];
            await content.ReadExactlyAsync(bytes, token);
            await receive(id, ContentOf(bytes, paths[id]), token);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<CommitId> AncestorsAsync(CommitId commit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listed = await ReadKeptAsync(
            commit, ["rev-list", "--parents", $"--max-count={MaxAncestors}", commit.Value, "--"], cancellationToken);
        var parents = Encoding.ASCII.GetString(listed).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToDictionary(ids => ids[0], ids => ids[1..]);
        var seen = new HashSet<string> { commit.Value };
        var waiting = new Queue<string>([commit.Value]);
        while (waiting.TryDequeue(out var id))
        {
            yield return CommitId.Parse(id);
            foreach (var parent in parents.GetValueOrDefault(id, []).Where(seen.Add))
            {
                waiting.Enqueue(parent);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<RepoPath, CommitId>> LastChangesAsync(
        CommitId commit, RepoPath folder, IReadOnlySet<RepoPath> paths, CancellationToken cancellationToken)
    {
        if (mirror.IsShallow)
        {
            // Where the history is cut, everything seems to have come at once.
            return ImmutableDictionary<RepoPath, CommitId>.Empty;
        }

        var log = await ReadKeptAsync(
            commit,
            [
                "log", "--topo-order", "--full-history", "--diff-merges=combined", "--root", "--no-renames", "--name-only", "-z", "--format=%x01%H",
                commit.Value, "--", $":(literal){folder}",
            ],
            cancellationToken);
        return ChangeLog.Parse(Encoding.UTF8.GetString(log), paths);
    }

    private static SluiceException Unknown(CommitId commit) => new(
        FaultKind.Unprocessable, "unknown-commit", $"The commit {commit} is not in Sluice's copy of the repository; plan or run it, and it is fetched.");

    private GitContent ContentOf(byte[] bytes, RepoPath path) => LfsPointer.TryParse(bytes) is { } pointer
        ? new GitContent(pointer, token => lfs.OpenAsync(pointer, path, token))
        : new GitContent(null, _ => Task.FromResult<Stream>(new MemoryStream(bytes)));

    private async Task<Revision> FollowLinksAsync(Revision revision, CancellationToken cancellationToken)
    {
        var targets = new Dictionary<string, string>();
        await ReadBlobsAsync(
            [.. revision.Files.Where(file => file.Kind == RevisionFileKind.Symlink).Select(file => file.BlobId).Distinct()],
            async (id, content, token) =>
            {
                using var reader = new StreamReader(content, leaveOpen: true);
                targets[id] = content.Length <= RepoPath.MaxLength * 4 ? await reader.ReadToEndAsync(token) : "/";
            },
            cancellationToken);
        return new LinkResolver(revision, targets).Resolve();
    }

    // What git says of a commit. One that is kept is here with all that belongs to it, unless the mirror was damaged.
    private async Task<byte[]> ReadKeptAsync(CommitId commit, string[] arguments, CancellationToken cancellationToken)
    {
        if (await TryAsync() is { } first)
        {
            return first;
        }

        if (!await mirror.IsKeptAsync(commit, cancellationToken))
        {
            throw Unknown(commit);
        }

        await mirror.HealAsync(origin, commit, cancellationToken);
        return await TryAsync() ?? throw mirror.Damaged();

        async Task<byte[]?> TryAsync()
        {
            var (exitCode, output) = await GitProgram.RunBytesAsync(mirror.Place, arguments, cancellationToken);
            return exitCode == 0 ? output : null;
        }
    }

    private async Task ReadBlobsAsync(
        IReadOnlyCollection<string> ids, Func<string, Stream, CancellationToken, Task> receive, CancellationToken cancellationToken)
    {
        var missing = await CatFile.ReadAsync(mirror.Place, ids, receive, cancellationToken);
        if (missing.Count > 0)
        {
            await mirror.HealAsync(origin, commit: null, cancellationToken);
            missing = await CatFile.ReadAsync(mirror.Place, missing, receive, cancellationToken);
        }

        if (missing.Count > 0)
        {
            throw mirror.Damaged();
        }
    }
}
