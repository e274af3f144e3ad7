using System.Text.RegularExpressions;
using Sluice.Core;

namespace Sluice.Adapters.Git;

/// <summary>Turns what git prints when a fetch fails into an error for a person.</summary>
internal static partial class FetchErrors
{
    private static readonly (FaultKind Kind, string Code, string Message, string[] Signs)[] Known =
    [
        (FaultKind.Unprocessable, "repository-owned-by-another",
            "The repository belongs to another user of this machine, and git reads such a one only when it is named: git config --global --add safe.directory DIR.",
            ["dubious ownership"]),
        (FaultKind.Unprocessable, "repository-moved",
            "The address redirects to another one; use that one.",
            ["returned error: 301", "returned error: 302", "returned error: 303", "returned error: 307", "returned error: 308", "update url base from redirection"]),
        (FaultKind.Unprocessable, "repository-incomplete",
            "The repository is a partial clone, which has not all of its contents; use the address that it was cloned from.",
            ["promisor remote"]),
        (FaultKind.BadGateway, "repository-damaged",
            "The repository, or Sluice's copy of it, is damaged: check it with git fsck; if that finds nothing, delete the copy, a folder of git/ in the state folder.",
            ["is corrupt", "cannot read existing object"]),
        (FaultKind.Unprocessable, "repository-needs-credentials",
            "The repository wants a user name and a password, or a key, that this service does not have; give it a credential helper for that host.",
            ["could not read Username", "could not read Password", "Authentication failed", "terminal prompts disabled", "Permission denied", "HTTP Basic: Access denied", "error: 401", "error: 403"]),
        (FaultKind.Unprocessable, NotFound, NoRepositoryThere,
            ["does not appear to be a git repository", "is this a git repository?", "not found", "does not exist", "No such file"]),
        (FaultKind.Unavailable, "git-host-unavailable",
            "The host of the repository does not answer, or answers with an error.",
            ["Could not resolve host", "Failed to connect", "Connection refused", "timed out", "Connection reset", "Operation too slow", "Network is unreachable", "Connection closed", "unable to access"]),
    ];

    private const string NotFound = "repository-not-found";

    private const string NoRepositoryThere = "There is no git repository at that address, or it may not be read.";

    /// <summary>The error for what git printed.</summary>
    public static SluiceException Of(string standardError)
    {
        foreach (var (kind, code, message, signs) in Known)
        {
            if (signs.Any(sign => standardError.Contains(sign, StringComparison.OrdinalIgnoreCase)))
            {
                return new SluiceException(kind, code, $"{message} git says: {Says(standardError)}");
            }
        }

        return new SluiceException(FaultKind.BadGateway, "git-failed", $"The repository could not be fetched. git says: {Says(standardError)}");
    }

    /// <summary>The error for an address where something else answers.</summary>
    public static SluiceException NoRepository() => new(FaultKind.Unprocessable, NotFound, NoRepositoryThere);

    /// <summary>The line that tells the cause: the first that is fatal, since those after it are its consequences.</summary>
    public static string Says(string standardError)
    {
        var lines = standardError.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var line = lines.FirstOrDefault(line => line.StartsWith("fatal:", StringComparison.Ordinal))
            ?? lines.FirstOrDefault(line => line.StartsWith("error:", StringComparison.Ordinal))
            ?? "nothing";

        // A URL in the text may carry what the user typed before the '@'.
        var safe = new string([.. UserInfo().Replace(line, "://").Where(character => !char.IsControl(character))]);
        return safe.Length > 300 ? safe[..300] + "…" : safe;
    }

    [GeneratedRegex("://[^/@ ]*@")]
    private static partial Regex UserInfo();
}
