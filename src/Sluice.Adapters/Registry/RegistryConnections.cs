using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Sluice.Adapters.Registry;

/// <summary>
/// Connections to registries and their token servers. A host is resolved when it is connected to, and only then: what was checked is what is
/// connected to, whatever its name leads to a moment later.
/// </summary>
internal sealed class RegistryConnections(ImageOptions options)
{
    private const int MaxHeaderKilobytes = 32;

    private readonly Lazy<HttpMessageInvoker> _strict = new(() => Create(options, isInsecure: false));
    private readonly Lazy<HttpMessageInvoker> _insecure = new(() => Create(options, isInsecure: true));

    /// <summary>Whether a server may speak plain HTTP, and its certificate is not looked at.</summary>
    public bool IsInsecure(Uri server) => options.Insecure.Any(known =>
        known.Equals(server.Authority, StringComparison.OrdinalIgnoreCase) || known.Equals(server.IdnHost, StringComparison.OrdinalIgnoreCase));

    /// <summary>Sends a request; redirects are the caller's to follow.</summary>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        (IsInsecure(request.RequestUri!) ? _insecure : _strict).Value.SendAsync(request, cancellationToken);

    private static HttpMessageInvoker Create(ImageOptions options, bool isInsecure)
    {
        // Lives as long as the process: a service has one, and its idle connections end by themselves.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            ConnectCallback = (context, cancellationToken) => ConnectAsync(context, options, cancellationToken),
        };
        if (isInsecure)
        {
#pragma warning disable CA5359 // Only for the servers that whoever runs Sluice has named for that.
            handler.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true };
#pragma warning restore CA5359
        }

        return new HttpMessageInvoker(handler);
    }

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, ImageOptions options, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellationToken);

        // A proxy is of this machine's own choice, and reaches hosts in its own way.
        var isProxy = context.InitialRequestMessage.RequestUri is { } wanted && (wanted.IdnHost != host.Trim('[', ']') || wanted.Port != port);
        var allowed = isProxy ? addresses : [.. AddressRules.Allowed(addresses, host, options.PrivateHosts)];
        if (allowed.Length == 0)
        {
            throw new AddressRefusedException(host);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
