using Sluice.Client;
using Sluice.Core;
using Sluice.Server.Hosting;

namespace Sluice.Cli.Commands;

/// <summary>Finds the stored commit that a word names.</summary>
internal static class StoredCommit
{
    /// <summary>The commit's id: HEAD of the checkout for null, else what git or the store know the word for.</summary>
    public static async Task<string> FindAsync(Target target, ISluiceApi api, string? revision, CancellationToken cancellationToken)
    {
        if (revision is null)
        {
            return target.Checkout?.Head ?? await NewestAsync(target, api, cancellationToken);
        }

        return target.Checkout is { } checkout && await CheckoutRevision.FindAsync(checkout.Root, revision, cancellationToken) is { } commit
            ? commit
            : revision;
    }

    private static async Task<string> NewestAsync(Target target, ISluiceApi api, CancellationToken cancellationToken)
    {
        var runs = await api.ListRunsAsync(target.Job, limit: 100, cancellationToken: cancellationToken);
        return runs.Items.FirstOrDefault(run => run.Status == "succeeded")?.Commit
            ?? throw new SluiceException(FaultKind.NotFound, "no-such-commit", $"Nothing is stored for the job '{target.Job}' yet.");
    }
}
