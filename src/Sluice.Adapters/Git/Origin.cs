using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CliWrap.Buffered;
using Sluice.Core;
using Sluice.Core.Revisions;

namespace Sluice.Adapters.Git;

/// <summary>The repository that a mirror follows, reached within the limits of the options.</summary>
internal sealed class Origin(RepositoryUrl url, GitOptions options, HostAddresses hosts)
{
    private const string HeadBranchMark = "ref: refs/heads/";

    private readonly HostConnection _connection = new(options, hosts);

    /// <summary>What git is given, credentials included: two spellings of one repository are reached in two ways.</summary>
    public string Address => url.Address;

    /// <summary>Tries whether the host takes connections.</summary>
    /// <exception cref="SluiceException">It is not known or not allowed, or did not answer in time.</exception>
    public Task TryConnectAsync(GitPlace mirror, CancellationToken cancellationToken) => _connection.TryAsync(url, mirror, cancellationToken);

    /// <summary>Runs <c>git fetch</c> into a mirror.</summary>
    /// <param name="mirror">The mirror.</param>
    /// <param name="how">More options.</param>
    /// <param name="what">Refspecs or ids.</param>
    /// <param name="cancellationToken">Ends git.</param>
    /// <exception cref="SluiceException">The host is not known or not allowed, or did not answer in time.</exception>
    public Task<BufferedCommandResult> FetchAsync(
        GitPlace mirror, IEnumerable<string> how, IEnumerable<string> what, CancellationToken cancellationToken) =>
        RunAsync(
            mirror,
            ["fetch", "--quiet", "--force", "--no-tags", "--no-write-fetch-head", "--no-auto-gc", .. how, "--", url.Address, .. what],
            cancellationToken);

    /// <summary>The branch that the origin's HEAD names; null when it names none, or cannot be asked.</summary>
    public async Task<string?> FindHeadBranchAsync(GitPlace mirror, CancellationToken cancellationToken)
    {
        var listed = await RunAsync(mirror, ["ls-remote", "--symref", "--", url.Address, "HEAD"], cancellationToken);
        var line = listed.StandardOutput.Split('\n').FirstOrDefault(line => line.StartsWith(HeadBranchMark, StringComparison.Ordinal));
        return line?[HeadBranchMark.Length..].Split('\t')[0];
    }

    /// <summary>Whether what answers is a server of git's protocol: to git, a web page without line ends is a repository without branches.</summary>
    public async Task<bool> SpeaksGitAsync(GitPlace mirror, CancellationToken cancellationToken)
    {
        var listed = await RunAsync(mirror, ["ls-remote", "--", url.Address, "HEAD"], cancellationToken, tracesPackets: true);
        return listed.StandardError.Contains("packet:", StringComparison.Ordinal);
    }

    private async Task<BufferedCommandResult> RunAsync(
        GitPlace mirror, IEnumerable<string> arguments, CancellationToken cancellationToken, bool tracesPackets = false)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.FetchTimeout);
        try
        {
            var settings = url.IsLocal ? [] : await RemoteSettingsAsync(limit.Token);
            var protocol = url.IsLocal ? "file" : new Uri(url.Address).Scheme;
            return await GitProgram.RunAsync(mirror, [.. settings, .. arguments], limit.Token, protocol, tracesPackets);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SluiceException(
                FaultKind.Unavailable, "git-host-unavailable", $"The repository did not answer within {options.FetchTimeout.TotalSeconds:0} s.");
        }
    }

    private async Task<string[]> RemoteSettingsAsync(CancellationToken cancellationToken)
    {
        var uri = new Uri(url.Address);
        var address = await hosts.ResolveAsync(url, cancellationToken);
        var pinned = address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
        var port = uri.IsDefaultPort ? (uri.Scheme == "http" ? 80 : 443) : uri.Port;
        return uri.Scheme == "ssh" || IPAddress.TryParse(uri.IdnHost, out _)
            ? StallSettings()
            : ["-c", $"http.curloptResolve={uri.IdnHost}:{port.ToString(CultureInfo.InvariantCulture)}:{pinned}", .. StallSettings()];
    }

    private string[] StallSettings() => ["-c", "http.lowSpeedLimit=1", "-c", $"http.lowSpeedTime={options.StallSeconds}"];
}
