using CliWrap.Buffered;
using Sluice.Core;
using Sluice.Core.Revisions;

namespace Sluice.Adapters.Git;

/// <summary>The bare repository that follows an origin: heads and tags only, and every planned commit under refs/sluice/keep.</summary>
/// <remarks>
/// git takes all that a ref leads to for complete and never fetches it again, so that a ref is only ever set on a commit with all its
/// history and files.
/// </remarks>
internal sealed class Mirror(string folder) : IDisposable
{
    /// <summary>Where the origin's HEAD is kept.</summary>
    public const string OriginHead = "refs/sluice/head";

    private const string Kept = "refs/sluice/keep/";

    private static readonly string[] HeadsAndTags = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SharedWork _fetches = new();

    /// <summary>Where git reads it.</summary>
    public GitPlace Place { get; } = GitPlace.Mirror(folder);

    /// <summary>Whether the history of its commits is cut, since the origin's is.</summary>
    public bool IsShallow => File.Exists(Path.Combine(folder, "shallow"));

    private bool Exists => File.Exists(Path.Combine(folder, "HEAD"));

    private string Name => $"git/{Path.GetFileName(folder)}";

    /// <summary>Brings the mirror up to date. Who comes during a fetch waits for one more at most, shared with all who came meanwhile.</summary>
    /// <exception cref="SluiceException">The origin cannot be read; says why.</exception>
    public Task FetchAsync(Origin origin, CancellationToken cancellationToken) =>
        _fetches.JoinAsync(origin.Address, (begin, stop) => InTurnAsync(() => FetchInTurnAsync(origin, begin, stop), stop), cancellationToken);

    /// <summary>Fetches one commit that no branch or tag leads to; a host may refuse that.</summary>
    public Task FetchCommitAsync(Origin origin, CommitId commit, CancellationToken cancellationToken) =>
        InTurnAsync(() => origin.FetchAsync(Place, [History], [commit.Value], cancellationToken), cancellationToken);

    /// <summary>The commit that a name in the mirror leads to, or null.</summary>
    public async Task<CommitId?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (!Exists)
        {
            return null;
        }

        var result = await GitProgram.RunAsync(
            Place, ["rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}"], cancellationToken);
        return result.ExitCode == 0 && CommitId.TryParse(result.StandardOutput.Trim(), out var commit) ? commit : null;
    }

    /// <summary>Whether a commit is kept.</summary>
    /// <remarks>Asked by every plan: the ref's own file answers in no time, and git for refs that are kept otherwise, packed for example.</remarks>
    public async Task<bool> IsKeptAsync(CommitId commit, CancellationToken cancellationToken) =>
        File.Exists(Path.Combine(folder, Kept + commit)) || await FindAsync(Kept + commit, cancellationToken) is not null;

    /// <summary>The one kept commit whose id begins so, or null.</summary>
    public async Task<CommitId?> FindKeptAsync(string abbreviation, CancellationToken cancellationToken)
    {
        var refs = Exists
            ? await GitProgram.RunAsync(Place, ["for-each-ref", "--count=2", "--format=%(objectname)", $"{Kept}{abbreviation}*"], cancellationToken)
            : null;
        return CommitId.TryParse(refs?.StandardOutput.Trim(), out var commit) ? commit : null;
    }

    /// <summary>The branches that name a commit.</summary>
    public async Task<IReadOnlyList<string>> BranchesAtAsync(CommitId commit, CancellationToken cancellationToken)
    {
        var names = await GitProgram.RunAsync(
            Place, ["for-each-ref", $"--points-at={commit}", "--format=%(refname:lstrip=2)", "refs/heads"], cancellationToken);
        return names.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Whether the origin has any branch.</summary>
    public Task<bool> HasBranchesAsync(CancellationToken cancellationToken) => HasAnyAsync("refs/heads/", cancellationToken);

    /// <summary>Keeps a commit for good, whatever becomes of its branch.</summary>
    /// <returns>False when the commit, its files or its history are not here and are not to be had.</returns>
    public async Task<bool> KeepAsync(Origin origin, CommitId commit, CancellationToken cancellationToken)
    {
        if (await IsKeptAsync(commit, cancellationToken))
        {
            return true;
        }

        if (!await IsWholeAsync(commit, ["--all"], cancellationToken))
        {
            await FetchCommitAsync(origin, commit, cancellationToken);
            if (!await IsWholeAsync(commit, ["--all"], cancellationToken))
            {
                return false;
            }
        }

        await InTurnAsync(() => RunAsync(["update-ref", Kept + commit, commit.Value], cancellationToken), cancellationToken);
        return true;
    }

    /// <summary>Fetches everything again, since something is missing here.</summary>
    /// <param name="origin">Where from.</param>
    /// <param name="commit">The commit that could not be read, where that is known: nothing is fetched when it can be after all.</param>
    /// <param name="cancellationToken">Ends git.</param>
    public Task HealAsync(Origin origin, CommitId? commit, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            if (commit is not { } known || !await IsWholeAsync(known, [], cancellationToken))
            {
                await origin.FetchAsync(Place, [History, "--refetch"], HeadsAndTags, cancellationToken);
            }
        },
        cancellationToken);

    /// <summary>What to say when fetching everything again did not help.</summary>
    public SluiceException Damaged() => new(
        FaultKind.BadGateway,
        "git-mirror-damaged",
        $"Sluice's copy of the repository lacks contents, and the repository did not give them again; delete the folder {Name} of the state folder and run again.");

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    // The history of a shallow origin is cut, and the mirror's with it, until the origin's is whole.
    private string History => IsShallow ? "--unshallow" : "--update-shallow";

    private async Task InTurnAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await work();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task InitializeAsync(string format, CancellationToken cancellationToken)
    {
        if (Exists)
        {
            RemoveStaleLocks();
            return;
        }

        Directory.CreateDirectory(folder);
        await RunAsync(["init", "--quiet", "--bare", $"--object-format={format}"], cancellationToken);
    }

    // Only one command writes here at a time, and a state folder has one owner: a lock is left over from one that was killed.
    private void RemoveStaleLocks()
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.lock")
            .Concat(Directory.EnumerateFiles(Path.Combine(folder, "refs"), "*.lock", SearchOption.AllDirectories)))
        {
            File.Delete(path);
        }
    }

    private async Task FetchInTurnAsync(Origin origin, Action begin, CancellationToken cancellationToken)
    {
        begin();
        await InitializeAsync("sha1", cancellationToken);
        await origin.TryConnectAsync(Place, cancellationToken);
        var result = await FetchRefsAsync(origin, cancellationToken);
        if (result.ExitCode != 0 && result.StandardError.Contains("mismatched algorithms", StringComparison.Ordinal))
        {
            await BeginAnewAsync(result.StandardError.Contains("server sha256", StringComparison.Ordinal) ? "sha256" : "sha1", cancellationToken);
            result = await FetchRefsAsync(origin, cancellationToken);
        }

        if (result.ExitCode != 0)
        {
            throw FetchErrors.Of(result.StandardError);
        }
    }

    private async Task<BufferedCommandResult> FetchRefsAsync(Origin origin, CancellationToken cancellationToken)
    {
        var result = await origin.FetchAsync(Place, [History, "--prune"], [.. HeadsAndTags, "+HEAD:" + OriginHead], cancellationToken);
        if (result.ExitCode == 0 || !result.StandardError.Contains("couldn't find remote ref HEAD", StringComparison.OrdinalIgnoreCase))
        {
            return result;
        }

        // An origin whose HEAD names a branch without commits: empty, or with other branches only. Or no repository.
        if (!await origin.SpeaksGitAsync(Place, cancellationToken))
        {
            throw FetchErrors.NoRepository();
        }

        await RunAsync(["update-ref", "-d", OriginHead], cancellationToken);
        return await origin.FetchAsync(Place, [History, "--prune"], HeadsAndTags, cancellationToken);
    }

    // A repository of one hash cannot hold commits of the other.
    private async Task BeginAnewAsync(string format, CancellationToken cancellationToken)
    {
        if (await HasAnyAsync(Kept, cancellationToken))
        {
            throw new SluiceException(
                FaultKind.Conflict,
                "object-format-changed",
                $"The repository was made anew with other ids ({format}), and commits of the old one are kept here: use another address, or move the folder {Name} out of the state folder, which forgets them.");
        }

        Directory.Delete(folder, recursive: true);
        await InitializeAsync(format, cancellationToken);
    }

    // Fast for what is near a ref: what a ref leads to is not looked at again.
    private async Task<bool> IsWholeAsync(CommitId commit, string[] except, CancellationToken cancellationToken)
    {
        var result = await GitProgram.RunAsync(
            Place, ["rev-list", "--objects", "--quiet", commit.Value, "--not", .. except, "--"], cancellationToken);
        return result.ExitCode == 0;
    }

    private async Task<bool> HasAnyAsync(string refs, CancellationToken cancellationToken) =>
        (await GitProgram.RunAsync(Place, ["for-each-ref", "--count=1", refs], cancellationToken)).StandardOutput.Length > 0;

    private async Task RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var result = await GitProgram.RunAsync(Place, arguments, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new SluiceException(
                FaultKind.Unavailable, "git-failed", $"Sluice's copy of the repository, {Name}, could not be written. git says: {FetchErrors.Says(result.StandardError)}");
        }
    }
}
