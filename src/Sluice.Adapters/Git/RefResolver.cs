using Sluice.Core;
using Sluice.Core.Revisions;

namespace Sluice.Adapters.Git;

/// <summary>Finds the commit that a ref names, at the origin or, for a known one, in the mirror.</summary>
internal sealed class RefResolver(Mirror mirror, Origin origin)
{
    private const int MinAbbreviation = 4;

    /// <summary>The commit, here and kept; see <see cref="IRepository.ResolveAsync"/>.</summary>
    public async Task<ResolvedRef> ResolveAsync(string? reference, CancellationToken cancellationToken)
    {
        if (reference is not null)
        {
            RefNames.Check(reference);
        }

        if (CommitId.TryParse(reference, out var known) && await mirror.IsKeptAsync(known, cancellationToken))
        {
            return new ResolvedRef(known, reference!);
        }

        try
        {
            await mirror.FetchAsync(origin, cancellationToken);
        }
        catch (SluiceException)
        {
            if (reference is not null && await FindKeptAsync(reference, cancellationToken) is { } kept)
            {
                return new ResolvedRef(kept, reference);
            }

            throw;
        }

        var (commit, name) = reference is null ? await DefaultAsync(cancellationToken) : (await NamedAsync(reference, cancellationToken), reference);
        return await mirror.KeepAsync(origin, commit, cancellationToken) ? new ResolvedRef(commit, name) : throw Unknown(name);
    }

    private static bool IsAbbreviation(string reference) => reference.Length is >= MinAbbreviation and <= 64 && reference.All(char.IsAsciiHexDigit);

    private static SluiceException Unknown(string reference) =>
        new(FaultKind.Unprocessable, "unknown-ref", $"The repository has no branch, tag or commit '{reference}'.");

    // For an origin that does not answer. What was a branch or a tag names no commit.
    private async Task<CommitId?> FindKeptAsync(string reference, CancellationToken cancellationToken) =>
        IsAbbreviation(reference)
        && await mirror.FindAsync("refs/heads/" + reference, cancellationToken) is null
        && await mirror.FindAsync("refs/tags/" + reference, cancellationToken) is null
            ? await mirror.FindKeptAsync(reference.ToLowerInvariant(), cancellationToken)
            : null;

    private async Task<CommitId> NamedAsync(string reference, CancellationToken cancellationToken)
    {
        foreach (var name in new[] { "refs/heads/" + reference, "refs/tags/" + reference, reference })
        {
            // The bare name stands for a commit id only: refs of our own are nobody's business.
            if (name != reference || IsAbbreviation(reference)
                || reference.StartsWith("refs/heads/", StringComparison.Ordinal) || reference.StartsWith("refs/tags/", StringComparison.Ordinal))
            {
                if (await mirror.FindAsync(name, cancellationToken) is { } commit)
                {
                    return commit;
                }
            }
        }

        return await OnNoBranchAsync(reference, cancellationToken) ?? throw Unknown(reference);
    }

    // A commit that was amended, or whose branch is gone: most hosts still give it to whoever knows its whole id.
    private async Task<CommitId?> OnNoBranchAsync(string reference, CancellationToken cancellationToken)
    {
        if (!CommitId.TryParse(reference, out var id))
        {
            return null;
        }

        await mirror.FetchCommitAsync(origin, id, cancellationToken);
        return await mirror.FindAsync(reference, cancellationToken);
    }

    private async Task<(CommitId Commit, string Name)> DefaultAsync(CancellationToken cancellationToken)
    {
        if (await mirror.FindAsync(Mirror.OriginHead, cancellationToken) is not { } head)
        {
            throw await mirror.HasBranchesAsync(cancellationToken)
                ? new SluiceException(FaultKind.Unprocessable, "no-default-branch", "The repository's default branch has no commits; name a branch with 'ref'.")
                : new SluiceException(FaultKind.Unprocessable, "empty-repository", "The repository is empty: commit and push something first.");
        }

        // Asked only when it matters: it is another round trip.
        var branches = await mirror.BranchesAtAsync(head, cancellationToken);
        var named = branches.Count > 1 ? await origin.FindHeadBranchAsync(mirror.Place, cancellationToken) : null;
        var name = branches.OrderBy(name => name == named ? 0 : name is "main" or "master" ? 1 : 2).FirstOrDefault(head.Value);
        return (head, name);
    }
}
