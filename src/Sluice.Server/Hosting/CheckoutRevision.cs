using Sluice.Adapters.Git;

namespace Sluice.Server.Hosting;

/// <summary>Asks the git of a checkout what a word names.</summary>
public static class CheckoutRevision
{
    /// <summary>The full id of the commit; null when git knows none.</summary>
    public static Task<string?> FindAsync(string root, string revision, CancellationToken cancellationToken) =>
        LocalCheckout.FindCommitAsync(root, revision, cancellationToken);

    /// <summary>The commits that branches and tags of a checkout name.</summary>
    public static Task<IReadOnlyList<string>> ListRefsAsync(string root, CancellationToken cancellationToken) =>
        LocalCheckout.ListRefsAsync(root, cancellationToken);
}
