using System.IO.Enumeration;
using System.Net;

namespace Sluice.Adapters;

/// <summary>Which addresses a host may have that somebody outside has named: a request, a repository or another server.</summary>
internal static class AddressRules
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

    // Link-local holds the metadata services of the clouds; multicast and the reserved block are never a host of ours.
    private static readonly IPNetwork[] Never =
        [.. new[] { "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "fe80::/10", "ff00::/8", "fd00:ec2::254/128" }.Select(network => IPNetwork.Parse(network))];

    /// <summary>Those addresses of a host that may be connected to, as they are then written.</summary>
    /// <param name="addresses">What the host's name led to.</param>
    /// <param name="host">Its name.</param>
    /// <param name="privateHosts">Hosts that may have private addresses; <c>*</c> is any text.</param>
    public static IEnumerable<IPAddress> Allowed(IEnumerable<IPAddress> addresses, string host, IEnumerable<string> privateHosts)
    {
        var mayBePrivate = privateHosts.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, host));
        return addresses
            .Select(address => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
            .Where(address => !Never.Any(network => network.Contains(address)) && (mayBePrivate || !Private.Any(network => network.Contains(address))));
    }
}
