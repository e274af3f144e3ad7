using System.Net;

namespace Sluice.Server.Hosting;

/// <summary>Which hosts are this machine as it calls itself.</summary>
internal static class Loopback
{
    /// <summary>Whether a host of an address is one.</summary>
    public static bool Is(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
