using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Sluice.Testing.Registry;

/// <summary>A server of HTTP on a free port of this machine that answers as a test wants it to.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<(string Request, string? Authorization)> _requests = [];

    private TestServer(WebApplication server) => _server = server;

    /// <summary>Its host with its port.</summary>
    public string Host => new Uri(_server.Urls.First()).Authority;

    /// <summary>What was asked so far, such as <c>HEAD /v2/x/manifests/1</c>, and with which credential.</summary>
    public IReadOnlyList<(string Request, string? Authorization)> Requests => [.. _requests];

    /// <summary>Starts one.</summary>
    public static async Task<TestServer> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        var server = new TestServer(builder.Build());
        server._server.Run(context =>
        {
            server._requests.Enqueue(($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}", context.Request.Headers.Authorization));
            return answer(context);
        });
        await server._server.StartAsync();
        return server;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
