using System.Text.RegularExpressions;
using Sluice.Core;

namespace Sluice.Adapters.Git;

/// <summary>Turns what git prints when a fetch fails into an error for a person.</summary>
internal static partial class FetchErrors
{
    private static readonly (FaultKind Kind, string Code, string Message, string[] Signs)[] Known =
    [
        (FaultKind.Unprocessable, "repository-needs-credentials",
            "The repository wants a user name and a password, or a key, that this service does not have; give it a credential helper for that host.",
            ["could not read Username", "could not read Password", "Authentication failed", "terminal prompts disabled", "Permission denied", "HTTP Basic: Access denied", "error: 401", "error: 403"]),
        (FaultKind.Unprocessable, "repository-not-found",
            "There is no git repository at that address, or it may not be read.",
            ["Repository not found", "does not appear to be a git repository", "repository not found", "not found", "does not exist", "No such file", "dubious ownership"]),
        (FaultKind.Unavailable, "git-host-unavailable",
            "The host of the repository does not answer.",
            ["Could not resolve host", "Failed to connect", "Connection refused", "timed out", "Connection reset", "Operation too slow", "Network is unreachable", "Connection closed", "unable to access"]),
    ];

    /// <summary>The error for what git printed.</summary>
    public static SluiceException Of(string standardError)
    {
        foreach (var (kind, code, message, signs) in Known)
        {
            if (signs.Any(sign => standardError.Contains(sign, StringComparison.OrdinalIgnoreCase)))
            {
                return new SluiceException(kind, code, $"{message} git says: {LastLine(standardError)}");
            }
        }

        return new SluiceException(FaultKind.BadGateway, "git-failed", $"The repository could not be fetched. git says: {LastLine(standardError)}");
    }

    // A URL in the text may carry what the user typed before the '@'.
    private static string LastLine(string text)
    {
        var line = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .LastOrDefault(line => line.StartsWith("fatal:", StringComparison.Ordinal) || line.StartsWith("error:", StringComparison.Ordinal)) ?? "nothing";
        var safe = new string([.. UserInfo().Replace(line, "://").Where(character => !char.IsControl(character))]);
        return safe.Length > 300 ? safe[..300] + "…" : safe;
    }

    [GeneratedRegex("://[^/@ ]*@")]
    private static partial Regex UserInfo();
}
