using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sluice.Store.Tests;

/// <summary>A server of HTTP that answers as some S3 servers do, and the real one of the tests does not.</summary>
internal sealed class OneAnswerS3 : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<HttpListenerRequest, (int Status, string? Code)> _answer;

    /// <summary>Starts it.</summary>
    /// <param name="answer">The status and the error code for a request.</param>
    public OneAnswerS3(Func<HttpListenerRequest, (int Status, string? Code)> answer)
    {
        _answer = answer;
        Address = new Uri($"http://127.0.0.1:{FreePort()}/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    /// <summary>Its address.</summary>
    public Uri Address { get; }

    public void Dispose() => _listener.Close();

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                await context.Request.InputStream.CopyToAsync(Stream.Null);
                var (status, code) = _answer(context.Request);
                context.Response.StatusCode = status;
                await context.Response.OutputStream.WriteAsync(
                    Encoding.UTF8.GetBytes(code is null ? "" : $"<Error><Code>{code}</Code><Message>So it is.</Message></Error>"));
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // Stopped.
        }
    }
}
