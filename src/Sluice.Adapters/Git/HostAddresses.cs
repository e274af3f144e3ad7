using System.IO.Enumeration;
using System.Net;
using System.Net.Sockets;
using Sluice.Core;
using Sluice.Core.Revisions;

namespace Sluice.Adapters.Git;

/// <summary>Resolves a host once and refuses addresses that a request from outside must not reach.</summary>
internal sealed class HostAddresses(GitOptions options)
{
    private static readonly IPNetwork[] Private =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15",
            // All that holds an IPv4 address within it: compatible (RFC 4291), translated (RFC 6052, RFC 8215) and 6to4 (RFC 3056).
            "::/96", "fc00::/7", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    // Link-local holds the metadata services of the clouds; multicast and the reserved block are never a git host.
    private static readonly IPNetwork[] Never =
        [.. new[] { "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "fe80::/10", "ff00::/8", "fd00:ec2::254/128" }.Select(network => IPNetwork.Parse(network))];

    /// <summary>The one address that git is pinned to.</summary>
    /// <exception cref="SluiceException">The host is not known (Unavailable), or its address is refused (BadRequest).</exception>
    public async Task<IPAddress> ResolveAsync(RepositoryUrl url, CancellationToken cancellationToken)
    {
        var host = new Uri(url.Address).IdnHost;
        IPAddress[] addresses;
        try
        {
            // The resolver refuses addresses such as 0.0.0.0 by an exception of another kind; as an address it is refused below.
            addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (SocketException exception)
        {
            throw new SluiceException(
                FaultKind.Unavailable, "git-host-unavailable", $"The host {host} of the repository is not known here.", exception);
        }

        foreach (var address in addresses.Select(address => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address))
        {
            if (IsAllowed(address, host))
            {
                return address;
            }
        }

        throw new SluiceException(
            FaultKind.BadRequest,
            "repository-not-allowed",
            $"job_url: the host {host} has a private, loopback or link-local address; private ones must be named in SLUICE_GIT__PRIVATEHOSTS.");
    }

    private bool IsAllowed(IPAddress address, string host) =>
        !Never.Any(network => network.Contains(address))
        && (!Private.Any(network => network.Contains(address))
            || options.PrivateHosts.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, host)));
}
