using System.Net;
using System.Net.Sockets;
using Sluice.Core;
using Sluice.Core.Revisions;

namespace Sluice.Adapters.Git;

/// <summary>Resolves a host once and refuses addresses that a request from outside must not reach.</summary>
internal sealed class HostAddresses(GitOptions options)
{
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

        return AddressRules.Allowed(addresses, host, options.PrivateHosts).FirstOrDefault() ?? throw new SluiceException(
            FaultKind.BadRequest,
            "repository-not-allowed",
            $"job_url: the host {host} has a private, loopback or link-local address; private ones must be named in SLUICE_GIT__PRIVATEHOSTS.");
    }
}
