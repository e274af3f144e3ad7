using Sluice.Core.Revisions;

namespace Sluice.Adapters.Git;

/// <summary>What the command line wants to know of the checkout it stands in. Writes nothing.</summary>
/// <param name="Root">Its root folder.</param>
/// <param name="Head">The commit that is checked out.</param>
/// <param name="Branch">The branch; null where HEAD is detached.</param>
/// <param name="Edits">Files that differ from HEAD, with git's two-letter status before each.</param>
public sealed record LocalCheckout(string Root, CommitId Head, string? Branch, IReadOnlyList<string> Edits)
{
    /// <summary>The checkout around a folder; null when there is none, or it has no commit.</summary>
    public static async Task<LocalCheckout?> FindAsync(string folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }

        // Both at once: every command begins with this.
        var status = GitProgram.RunAsync(
            GitPlace.Checkout(folder), ["status", "--porcelain=v1", "-z", "--untracked-files=normal", "--ignore-submodules", "--no-renames"], cancellationToken);
        var about = await GitProgram.RunAsync(
            GitPlace.Checkout(folder), ["rev-parse", "--path-format=absolute", "--show-toplevel", "HEAD", "--abbrev-ref", "HEAD"], cancellationToken);
        var edits = (await status).StandardOutput.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var lines = about.StandardOutput.Split('\n');
        if (about.ExitCode != 0 || lines.Length < 3 || !CommitId.TryParse(lines[1], out var head))
        {
            return null;
        }

        return new LocalCheckout(lines[0], head, lines[2] == "HEAD" ? null : lines[2], edits);
    }

    /// <summary>Why there is no checkout with a commit around a folder, and what to do.</summary>
    public static async Task<string> ExplainAsync(string folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            return $"'{folder}' is not a folder; go to a git repository, or name one with -C DIR|URL.";
        }

        var about = await GitProgram.RunAsync(
            GitPlace.Checkout(folder), ["rev-parse", "--is-bare-repository", "--is-inside-work-tree"], cancellationToken);
        return about switch
        {
            { ExitCode: 0, StandardOutput: "false\ntrue\n" } => $"The repository around '{folder}' has no commit yet; commit something first.",
            { ExitCode: 0, StandardOutput: "false\nfalse\n" } => $"'{folder}' is inside a .git folder; go to the checkout.",
            { ExitCode: 0 } => Bare(),
            _ when Says("cannot use bare repository") => Bare(),
            _ when Says("dubious ownership") => FetchErrors.Of(about.StandardError).Message,
            _ when Says("not a git repository") => $"'{folder}' is not in a git repository; go to one, or name one with -C DIR|URL.",
            _ => $"git cannot read '{folder}'. git says: {FetchErrors.Says(about.StandardError)}",
        };

        bool Says(string text) => about.StandardError.Contains(text, StringComparison.Ordinal);

        string Bare() => $"'{folder}' is a bare repository, not a checkout; name it by its address: -C file://{Path.GetFullPath(folder)}";
    }

    /// <summary>The full id of the commit that a word names; null when git knows none.</summary>
    public static async Task<string?> FindCommitAsync(string root, string revision, CancellationToken cancellationToken)
    {
        var found = await GitProgram.RunAsync(
            GitPlace.Checkout(root), ["rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"], cancellationToken);
        return found.ExitCode == 0 && CommitId.TryParse(found.StandardOutput.Trim(), out var commit) ? commit.Value : null;
    }

    /// <summary>The commits that branches and tags name.</summary>
    public static async Task<IReadOnlyList<string>> ListRefsAsync(string root, CancellationToken cancellationToken)
    {
        var refs = await GitProgram.RunAsync(
            GitPlace.Checkout(root), ["for-each-ref", "--format=%(objectname) %(*objectname)", "refs/heads", "refs/tags"], cancellationToken);
        return [.. refs.StandardOutput.Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries).Where(id => CommitId.TryParse(id, out _)).Distinct()];
    }
}
