using Sluice.Server.Access;

namespace Sluice.Server.Hosting;

/// <summary>Reads where the service listens and who may do what there (<c>SLUICE_URLS</c>, <c>SLUICE_HOSTS</c>, <c>SLUICE_AUTH__…</c>).</summary>
internal static class AccessSettingsReader
{
    private static readonly Dictionary<string, Role?> Anonymous = new() { ["none"] = null, ["read"] = Role.Viewer, ["run"] = Role.Runner };

    /// <summary>Who may do what.</summary>
    /// <param name="value">The value of a setting by its name, without <c>SLUICE_</c>.</param>
    /// <param name="urls">Where the service listens.</param>
    /// <param name="runsHere">Whether tasks run as processes of this machine.</param>
    /// <param name="mistakes">Takes what is wrong.</param>
    public static AccessSettings Read(Func<string, string?> value, string urls, bool runsHere, List<string> mistakes)
    {
        var uris = urls.Split(';').Select(url => CheckUrl(url, mistakes)).OfType<Uri>().ToList();
        var isLoopback = uris.All(uri => Loopback.Is(uri.Host));
        var tokens = value("AUTH__TOKENS_FILE") is { } path ? Path.GetFullPath(path) : null;
        if (tokens is not null)
        {
            mistakes.AddRange(TokenFile.Read(tokens).Mistakes.Select(mistake => $"SLUICE_AUTH__TOKENS_FILE: {mistake}"));
        }

        var anonymous = isLoopback && tokens is null ? Role.Runner : (Role?)null;
        if (value("AUTH__ANONYMOUS") is { } word && !Anonymous.TryGetValue(word, out anonymous))
        {
            mistakes.Add($"SLUICE_AUTH__ANONYMOUS: '{word}' is not right; write none, read or run.");
        }

        CheckRemote(value, isLoopback, runsHere, hasAccessControl: tokens is not null || value("AUTH__ANONYMOUS") is not null, mistakes);
        return new AccessSettings
        {
            TokensFile = tokens,
            Anonymous = anonymous,
            Hosts = [.. uris.Select(uri => uri.Host), .. Hosts(value("HOSTS") ?? "", mistakes)],
            IsLoopback = isLoopback,
        };
    }

    private static Uri? CheckUrl(string url, List<string> mistakes)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != "http" || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
        {
            mistakes.Add($"SLUICE_URLS: '{url}' is not right; write an address like http://127.0.0.1:8000.");
            return null;
        }

        if (uri is { Host: "localhost", Port: 0 })
        {
            mistakes.Add($"SLUICE_URLS: '{url}' is not right; write http://127.0.0.1:0 for any free port.");
        }

        return uri;
    }

    private static void CheckRemote(Func<string, string?> value, bool isLoopback, bool runsHere, bool hasAccessControl, List<string> mistakes)
    {
        var allowsRemote = value("PROCESS__ALLOW_REMOTE") ?? "false";
        if (allowsRemote is not ("true" or "false"))
        {
            mistakes.Add($"SLUICE_PROCESS__ALLOW_REMOTE: '{allowsRemote}' is not right; write true or false.");
        }

        if (!isLoopback && !hasAccessControl)
        {
            mistakes.Add("SLUICE_URLS: an address that is not loopback needs access control; set SLUICE_AUTH__TOKENS_FILE, or say with SLUICE_AUTH__ANONYMOUS what anybody may do.");
        }

        if (!isLoopback && runsHere && allowsRemote == "false")
        {
            mistakes.Add("SLUICE_URLS: at an address that is not loopback, others run commands here as the service's user; set SLUICE_PROCESS__ALLOW_REMOTE=true if that is meant.");
        }
    }

    private static string[] Hosts(string text, List<string> mistakes)
    {
        var hosts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        mistakes.AddRange(hosts.Where(host => Uri.CheckHostName(host) == UriHostNameType.Unknown)
            .Select(host => $"SLUICE_HOSTS: '{host}' is not the name of a host; write names like sluice.example.org, without scheme and port."));
        return hosts;
    }
}
