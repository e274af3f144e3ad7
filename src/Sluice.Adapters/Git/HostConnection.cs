using System.Net.Sockets;
using Sluice.Core;
using Sluice.Core.Revisions;

namespace Sluice.Adapters.Git;

/// <summary>Tries whether a host takes connections at all, since git waits for minutes for one that never answers.</summary>
/// <remarks>Only over HTTP, and without a proxy: ssh has a limit of its own, and may reach the host in its own way.</remarks>
internal sealed class HostConnection(GitOptions options, HostAddresses hosts)
{
    private static readonly string[] ProxyVariables = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

    /// <summary>Connects, and hangs up.</summary>
    /// <exception cref="SluiceException">Nobody answered in time (Unavailable), or the host is refused. Whatever else is wrong, git says better.</exception>
    public async Task TryAsync(RepositoryUrl url, GitPlace place, CancellationToken cancellationToken)
    {
        if (url.IsLocal || new Uri(url.Address) is not { Scheme: "http" or "https" } uri || await HasProxyAsync(url, place, cancellationToken))
        {
            return;
        }

        var address = await hosts.ResolveAsync(url, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.ConnectTimeout);
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address, uri.Port, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SluiceException(
                FaultKind.Unavailable, "git-host-unavailable", $"The host {uri.IdnHost} of the repository did not answer within {options.ConnectTimeout.TotalSeconds:0} s.");
        }
        catch (SocketException)
        {
            // Refused or unreachable at once: git meets the same, and says so.
        }
    }

    private static async Task<bool> HasProxyAsync(RepositoryUrl url, GitPlace place, CancellationToken cancellationToken) =>
        ProxyVariables.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 })
        || (await GitProgram.RunAsync(
            place, ["config", "--get-urlmatch", "http.proxy", url.Address], cancellationToken, protocols: new Uri(url.Address).Scheme)).StandardOutput.Trim().Length > 0;
}
