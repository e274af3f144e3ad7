using System.Text.RegularExpressions;

namespace Sluice.Adapters.Registry;

/// <summary>An image's name as its registry knows it.</summary>
/// <param name="Host">The registry as people write it, with its port where it has one: <c>docker.io</c>.</param>
/// <param name="Repository">The repository there.</param>
/// <param name="Tag">The tag.</param>
internal sealed partial record ImageName(string Host, string Repository, string Tag)
{
    private const string DockerHub = "docker.io";
    private const string DockerHubServer = "registry-1.docker.io";
    private const int MaxLength = 255;

    /// <summary>Where the registry answers: Docker Hub is not where its name says.</summary>
    public string Authority => Host == DockerHub ? DockerHubServer : Host;

    /// <summary>Every name that the registry has in Docker's <c>config.json</c>.</summary>
    public IReadOnlyList<string> Keys => Host == DockerHub ? ["https://index.docker.io/v1/", "index.docker.io", DockerHub, DockerHubServer] : [Host];

    /// <summary>The name behind a text, with Docker Hub's short forms written out; null for one that is no name.</summary>
    public static ImageName? Parse(string text)
    {
        if (Form().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var path = match.Groups["path"].Value;
        var first = path.Split('/')[0];

        // What has a dot or a port is a host, and so is localhost; all else is a folder of Docker Hub.
        var isHost = path.Contains('/', StringComparison.Ordinal) && (first.AsSpan().ContainsAny('.', ':') || first == "localhost");
        var (host, repository) = isHost ? (first.ToLowerInvariant(), path[(first.Length + 1)..]) : (DockerHub, path);
        if (host is "index.docker.io" or DockerHubServer)
        {
            host = DockerHub;
        }

        if (host == DockerHub && !repository.Contains('/', StringComparison.Ordinal))
        {
            repository = "library/" + repository;
        }

        return host.Length + repository.Length < MaxLength && HostName().IsMatch(host) && RepositoryName().IsMatch(repository)
            && Uri.TryCreate("https://" + host, UriKind.Absolute, out _)
            ? new ImageName(host, repository, match.Groups["tag"].Value)
            : null;
    }

    // The last colon is the tag's: the host's port has a path behind it.
    [GeneratedRegex(@"\A(?<path>[^@\s]+):(?<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127})\z")]
    private static partial Regex Form();

    [GeneratedRegex(@"\A([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])(:[0-9]{1,5})?\z")]
    private static partial Regex HostName();

    [GeneratedRegex(@"\A[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex RepositoryName();
}
