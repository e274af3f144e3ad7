using Sluice.Client;
using Sluice.Core;
using Sluice.Server.Hosting;

namespace Sluice.Cli.Commands;

/// <summary>Finds the stored commit that a word names.</summary>
internal static class StoredCommit
{
    private const int MinDigits = 7;

    /// <summary>The commit's id: HEAD of the repository for null, else what git or the store know the word for.</summary>
    /// <exception cref="SluiceException">The word names no commit, or nothing is stored.</exception>
    public static async Task<string> FindAsync(Target target, ISluiceApi api, string? revision, CancellationToken cancellationToken)
    {
        if (revision is null && target.Folder is null)
        {
            return await NewestAsync(target, api, cancellationToken);
        }

        // Digits may name a stored commit that the repository has lost since.
        var isDigits = revision is { Length: >= MinDigits } && revision.All(char.IsAsciiHexDigit);
        return isDigits && !await IsKnownAsync(target, revision!, cancellationToken) ? revision!
            : await target.CommitOfAsync(revision ?? "HEAD", cancellationToken)
            ?? throw new SluiceException(
                FaultKind.BadRequest, "unknown-revision", $"'{revision}' is not a commit's id; without a repository to ask (-C DIR) it takes {MinDigits} digits or more.");
    }

    private static async Task<bool> IsKnownAsync(Target target, string revision, CancellationToken cancellationToken) =>
        target.Folder is { } folder && await CheckoutRevision.FindAsync(folder, revision, cancellationToken) is not null;

    // A run of a part of the job succeeds too, and stores nothing under its commit.
    private static async Task<string> NewestAsync(Target target, ISluiceApi api, CancellationToken cancellationToken)
    {
        var runs = await api.ListRunsAsync(target.Job, limit: 100, cancellationToken: cancellationToken);
        foreach (var commit in runs.Items.Where(run => run.Status == "succeeded").Select(run => run.Commit).Distinct())
        {
            try
            {
                return (await api.GetCommitAsync(target.Job, commit, cancellationToken: cancellationToken)).Commit;
            }
            catch (Exception exception) when (exception is SluiceException { Kind: FaultKind.NotFound } or SluiceApiException { Problem.Status: 404 })
            {
                continue;
            }
        }

        throw new SluiceException(FaultKind.NotFound, "no-such-commit", $"Nothing is stored for the job '{target.Job}' yet.");
    }
}
