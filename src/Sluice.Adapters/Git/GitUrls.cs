using System.IO.Enumeration;
using System.Text.RegularExpressions;
using Sluice.Core;
using Sluice.Core.Revisions;

namespace Sluice.Adapters.Git;

/// <summary>Checks addresses of repositories against an allow-list; nothing that git would take for an option or a helper passes.</summary>
internal sealed partial class GitUrls(GitOptions options)
{
    private const int MaxLength = 2048;

    /// <summary>The address, checked and without user info.</summary>
    /// <exception cref="SluiceException">It is malformed or not allowed.</exception>
    public RepositoryUrl Parse(string? address)
    {
        if (string.IsNullOrWhiteSpace(address))
        {
            throw Malformed("is missing");
        }

        if (address.Length > MaxLength)
        {
            throw Malformed($"is longer than {MaxLength} characters");
        }

        if (address.Any(char.IsControl) || address[0] == '-')
        {
            throw Malformed("begins with '-' or has a control character");
        }

        if (address[0] == '/' || address.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            return Local(address);
        }

        var remote = ScpLike().Match(address) is { Success: true } match
            ? $"ssh://{match.Groups["user"].Value}{match.Groups["host"].Value}/{match.Groups["path"].Value.TrimStart('/')}"
            : address;
        return Remote(remote);
    }

    private RepositoryUrl Remote(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("https" or "http" or "ssh")
            || uri.Host.Length == 0
            || uri.Host[0] == '-'
            || uri.AbsolutePath.Length < 2
            || uri.Query.Length > 0
            || uri.Fragment.Length > 0)
        {
            throw Malformed("is not an address like https://host/path, ssh://host/path or git@host:path");
        }

        if (uri.AbsolutePath.Split('/').Any(part => part.StartsWith('-')))
        {
            throw Malformed("has a part that begins with '-'");
        }

        // The user of ssh is part of how to get there; a password, or the user of http, is a secret.
        var user = uri.Scheme == "ssh" && SafeUser().IsMatch(uri.UserInfo) ? uri.UserInfo + "@" : "";
        var port = uri.IsDefaultPort || uri.Port < 0 ? "" : $":{uri.Port}";

        // IdnHost leaves out the brackets of an IPv6 address, without which the address is none.
        var host = uri.HostNameType == UriHostNameType.IPv6 ? $"[{uri.IdnHost}]" : uri.IdnHost.ToLowerInvariant();
        var clean = $"{uri.Scheme}://{user}{host}{port}{uri.AbsolutePath}";
        if (!options.Allowed.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, $"{uri.Scheme}://{host}{port}{uri.AbsolutePath}")))
        {
            throw new SluiceException(
                FaultKind.BadRequest,
                "repository-not-allowed",
                $"job_url: {uri.Scheme}://{host} is not among the addresses that this service may read (SLUICE_GIT__ALLOWED).");
        }

        return new RepositoryUrl(clean, $"{host}{port}{Trim(Uri.UnescapeDataString(uri.AbsolutePath))}", IsLocal: false);
    }

    private RepositoryUrl Local(string address)
    {
        var path = Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.IsFile && uri.Host.Length == 0 ? uri.LocalPath : null;
        if (path is null || !options.AllowLocalPaths)
        {
            throw new SluiceException(
                FaultKind.BadRequest,
                "repository-not-allowed",
                "job_url: folders of this machine may be read only by a service on a loopback address and by the command line.");
        }

        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return new RepositoryUrl(full, Trim(full.EndsWith("/.git", StringComparison.Ordinal) ? full[..^5] : full), IsLocal: true);
    }

    private static string Trim(string path)
    {
        var trimmed = path.TrimEnd('/');
        return trimmed.EndsWith(".git", StringComparison.Ordinal) && trimmed.Length > 5 ? trimmed[..^4] : trimmed;
    }

    private static SluiceException Malformed(string problem) =>
        new(FaultKind.BadRequest, "invalid-job-url", $"job_url {problem}.");

    [GeneratedRegex(@"\A(?<user>[A-Za-z0-9_][A-Za-z0-9._-]*@)(?<host>[A-Za-z0-9][A-Za-z0-9.-]*):(?<path>(?!//)[^:\s]+)\z")]
    private static partial Regex ScpLike();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex SafeUser();
}
