using System.Net;
using Microsoft.AspNetCore.Http;
using Sluice.Server.Access;
using Sluice.Server.Hosting;

namespace Sluice.Server.Api;

/// <summary>
/// Refuses requests that a web page on this machine's browser could send: a name that is not the service's own (DNS rebinding) and a foreign
/// origin.
/// </summary>
internal sealed class RequestGuard(RequestDelegate next, AccessSettings access)
{
    /// <summary>Lets a request through, or answers it.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var host = context.Request.Host;
        if (!IsOwn(host.Host, context.Connection.LocalIpAddress))
        {
            return Problems.WriteAsync(
                context,
                Problems.Of(400, "unknown-host", "The request is not right", "The Host header names another host than this service; SLUICE_HOSTS says which names it has."),
                context.RequestAborted);
        }

        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority == host.Value && uri.Scheme == context.Request.Scheme))
        {
            return Problems.WriteAsync(
                context,
                Problems.Of(403, "foreign-origin", "The request is not allowed", "The request comes from a page of another origin."),
                context.RequestAborted);
        }

        context.Response.Headers.XContentTypeOptions = "nosniff";
        return next(context);
    }

    // The address that the connection came to needs no name: no other page's name leads there.
    private bool IsOwn(string host, IPAddress? local) =>
        Loopback.Is(host)
        || access.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && local is not null && address.MapToIPv6().Equals(local.MapToIPv6()));
}
