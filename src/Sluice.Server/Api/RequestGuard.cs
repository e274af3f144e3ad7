using System.Net;
using Microsoft.AspNetCore.Http;

namespace Sluice.Server.Api;

/// <summary>
/// Refuses requests that a web page on this machine's browser could send: a name that is not the service's own (DNS rebinding) and a foreign
/// origin.
/// </summary>
internal sealed class RequestGuard(RequestDelegate next)
{
    /// <summary>Lets a request through, or answers it.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var host = context.Request.Host;
        if (!IsOwn(host.Host))
        {
            return Problems.WriteAsync(
                context,
                Problems.Of(400, "unknown-host", "The request is not right", "The Host header names another host than this service."),
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

    private static bool IsOwn(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
