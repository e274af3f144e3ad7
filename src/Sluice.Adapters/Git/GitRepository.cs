using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Revisions;

namespace Sluice.Adapters.Git;

/// <summary>One repository, read through its mirror.</summary>
internal sealed class GitRepository(RepositoryUrl url, string mirror, GitOptions options, HostAddresses hosts, HttpClient http) : IRepository, IDisposable
{
    private const int MaxAncestors = 10_000;

    private readonly Mirror _mirror = new(url, mirror, options, hosts);
    private readonly LfsClient _lfs = new(url, hosts, http);

    /// <inheritdoc/>
    public RepositoryUrl Url => url;

    /// <inheritdoc/>
    public async Task<ResolvedRef> ResolveAsync(string? reference, CancellationToken cancellationToken)
    {
        if (reference is not null)
        {
            RefNames.Check(reference);
        }

        var isHere = CommitId.TryParse(reference, out var known) && _mirror.Exists && await FindAsync(reference!, cancellationToken) is not null;
        if (!isHere)
        {
            await _mirror.FetchAsync(cancellationToken);
        }

        var (commit, name) = isHere ? (known, reference!)
            : reference is null ? await DefaultAsync(cancellationToken)
            : (await NamedAsync(reference, cancellationToken), reference);
        await _mirror.KeepAsync(commit, cancellationToken);
        return new ResolvedRef(commit, name, []);
    }

    /// <inheritdoc/>
    public async Task<Revision> ReadRevisionAsync(CommitId commit, CancellationToken cancellationToken)
    {
        var about = GitProgram.RunAsync(mirror, ["log", "-1", "--format=%T %cI", commit.Value, "--"], cancellationToken);
        var (exitCode, listing) = await GitProgram.RunBytesAsync(mirror, ["ls-tree", "-r", "-z", "--full-tree", commit.Value], cancellationToken);
        var facts = (await about).StandardOutput.Trim().Split(' ');
        if (exitCode != 0 || facts.Length != 2)
        {
            throw new SluiceException(FaultKind.Unprocessable, "unknown-commit", $"The commit {commit} is not in the repository.");
        }

        var (files, warnings) = TreeListing.Parse(listing);
        if (files.Any(file => file.Kind == RevisionFileKind.Symlink))
        {
            files = await FollowLinksAsync(files, cancellationToken);
        }

        return new Revision
        {
            Commit = commit,
            TreeId = facts[0],
            CommitDate = DateTimeOffset.Parse(facts[1], System.Globalization.CultureInfo.InvariantCulture),
            Files = files,
            Warnings = warnings,
        };
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> ReadSmallAsync(RevisionFile file, int maxBytes, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>? found = null;
        await CatFile.ReadAsync(mirror, [file.BlobId], ReadAsync, cancellationToken);
        return found;

        async Task ReadAsync(string id, Stream content, CancellationToken token)
        {
            if (content.Length <= maxBytes)
            {
                var bytes = new byte[content.Length];
                await content.ReadExactlyAsync(bytes, token);
                found = bytes;
            }
        }
    }

    /// <inheritdoc/>
    public Task ReadContentsAsync(
        IReadOnlyCollection<RevisionFile> files, Func<string, GitContent, CancellationToken, Task> receive, CancellationToken cancellationToken)
    {
        var paths = files.GroupBy(file => file.BlobId).ToDictionary(group => group.Key, group => group.First().Path);
        return CatFile.ReadAsync(mirror, [.. paths.Keys], ReadAsync, cancellationToken);

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

    private GitContent ContentOf(byte[] bytes, RepoPath path) => LfsPointer.TryParse(bytes) is { } pointer
        ? new GitContent(pointer, token => _lfs.OpenAsync(pointer, path, token))
        : new GitContent(null, _ => Task.FromResult<Stream>(new MemoryStream(bytes)));

    /// <inheritdoc/>
    public async IAsyncEnumerable<CommitId> AncestorsAsync(CommitId commit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var result = await GitProgram.RunAsync(
            mirror, ["rev-list", "--parents", $"--max-count={MaxAncestors}", commit.Value, "--"], cancellationToken);
        var parents = result.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries)
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
        var (_, output) = await GitProgram.RunBytesAsync(
            mirror,
            ["log", "--topo-order", "--full-history", "-c", "--root", "--no-renames", "--name-only", "-z", "--format=%x01%H", commit.Value, "--", $":(literal){folder}"],
            cancellationToken);
        return ChangeLog.Parse(System.Text.Encoding.UTF8.GetString(output), paths);
    }

    /// <inheritdoc/>
    public void Dispose() => _mirror.Dispose();

    private async Task<ImmutableArray<RevisionFile>> FollowLinksAsync(ImmutableArray<RevisionFile> files, CancellationToken cancellationToken)
    {
        var targets = new Dictionary<string, string>();
        await CatFile.ReadAsync(
            mirror,
            [.. files.Where(file => file.Kind == RevisionFileKind.Symlink).Select(file => file.BlobId).Distinct()],
            async (id, content, token) =>
            {
                using var reader = new StreamReader(content, leaveOpen: true);
                targets[id] = content.Length <= RepoPath.MaxLength * 4 ? await reader.ReadToEndAsync(token) : "/";
            },
            cancellationToken);
        return LinkResolver.Resolve(files, targets);
    }

    private async Task<CommitId?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var result = await GitProgram.RunAsync(
            mirror, ["rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}"], cancellationToken);
        return result.ExitCode == 0 && CommitId.TryParse(result.StandardOutput.Trim(), out var commit) ? commit : null;
    }

    private async Task<CommitId> NamedAsync(string reference, CancellationToken cancellationToken)
    {
        foreach (var name in new[] { "refs/heads/" + reference, "refs/tags/" + reference, reference })
        {
            // The bare name stands for a commit id only: refs of our own are nobody's business.
            if (name != reference || (reference.Length is >= 4 and <= 64 && reference.All(char.IsAsciiHexDigit))
                || reference.StartsWith("refs/heads/", StringComparison.Ordinal) || reference.StartsWith("refs/tags/", StringComparison.Ordinal))
            {
                if (await FindAsync(name, cancellationToken) is { } commit)
                {
                    return commit;
                }
            }
        }

        throw new SluiceException(
            FaultKind.Unprocessable, "unknown-ref", $"The repository has no branch, tag or commit '{reference}'.");
    }

    private async Task<(CommitId Commit, string Name)> DefaultAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(Mirror.OriginHead, cancellationToken) is not { } head)
        {
            var any = await GitProgram.RunAsync(mirror, ["for-each-ref", "--count=1", "refs/heads"], cancellationToken);
            throw any.StandardOutput.Length == 0
                ? new SluiceException(FaultKind.Unprocessable, "empty-repository", "The repository is empty: commit and push something first.")
                : new SluiceException(FaultKind.Unprocessable, "no-default-branch", "The repository's default branch has no commits; name a branch with 'ref'.");
        }

        var names = await GitProgram.RunAsync(
            mirror, ["for-each-ref", $"--points-at={head}", "--format=%(refname:lstrip=2)", "refs/heads"], cancellationToken);
        var branches = names.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (head, branches.FirstOrDefault(name => name is "main" or "master") ?? branches.FirstOrDefault() ?? head.Value);
    }
}
