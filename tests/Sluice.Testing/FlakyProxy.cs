using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sluice.Testing;

/// <summary>A way to a server that counts what goes over it and, where wanted, breaks: connections are dropped, delayed or answered with an error at random.</summary>
public sealed class FlakyProxy : IAsyncDisposable
{
    private const int BufferBytes = 16 * 1024;

    private static readonly string[] Errors =
    [
        Answer("503 Slow Down", "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"),
        Answer("500 Internal Server Error", "<Error><Code>InternalError</Code><Message>Something broke.</Message></Error>"),
    ];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Uri _server;
    private readonly int _breaksOneIn;
    private readonly Random _random;
    private readonly Lock _lock = new();
    private readonly Task _serving;
    private long _bytes;

    /// <summary>Starts it.</summary>
    /// <param name="server">The server behind it.</param>
    /// <param name="breaksOneIn">How many connections there are to one that breaks soon; 0 for none that breaks at all.</param>
    /// <param name="seed">Which ones.</param>
    public FlakyProxy(Uri server, int breaksOneIn, int seed)
    {
        (_server, _breaksOneIn, _random) = (server, breaksOneIn, new Random(seed));
        _listener.Start();
        // Away from the test's own context, which has few threads.
        _serving = Task.Run(ServeAsync);
    }

    /// <summary>Its address.</summary>
    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Whether nothing goes over it any more, over connections that there are neither.</summary>
    public bool IsCut { get; set; }

    /// <summary>How many connections were refused since it is cut.</summary>
    public int Refused { get; private set; }

    /// <summary>How many bytes went over it, both ways.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>How many connections broke, or will.</summary>
    public int Broken { get; private set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _serving;
        _ended.Dispose();
    }

    private static string Answer(string status, string body) =>
        $"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_ended.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    // One of: it goes through; it ends after some bytes, in the middle of a request or of an answer; it is answered with an error.
    private async Task CarryAsync(TcpClient client)
    {
        var (bytesLeft, error, delay) = Draw();
        using var server = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        try
        {
            using (client)
            {
                await Task.Delay(delay, _ended.Token);
                if (error is not null)
                {
                    await RefuseAsync(client.GetStream(), error);
                    return;
                }

                await server.ConnectAsync(_server.Host, _server.Port, _ended.Token);
                using var end = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
                var left = new StrongBox(bytesLeft);
                await Task.WhenAny(
                    CopyAsync(client.GetStream(), server.GetStream(), left, end.Token),
                    CopyAsync(server.GetStream(), client.GetStream(), left, end.Token));
                await end.CancelAsync();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
        {
            // It broke, as it should, or the test is over.
        }
    }

    private (long BytesLeft, string? Error, TimeSpan Delay) Draw()
    {
        lock (_lock)
        {
            if (IsCut)
            {
                Refused++;
                return (0, null, TimeSpan.Zero);
            }

            if (_breaksOneIn == 0)
            {
                return (long.MaxValue, null, TimeSpan.Zero);
            }

            // A connection that is kept for many requests ends in the middle of one, too.
            Broken++;
            if (_random.Next(_breaksOneIn) > 0)
            {
                return (_random.Next(500_000, 3_000_000), null, TimeSpan.Zero);
            }

            return _random.Next(3) == 0
                ? (0, Errors[_random.Next(Errors.Length)], TimeSpan.FromMilliseconds(_random.Next(50)))
                : (_random.Next(1, 20_000), null, TimeSpan.FromMilliseconds(_random.Next(50)));
        }
    }

    private async Task RefuseAsync(NetworkStream client, string error)
    {
        await client.ReadAtLeastAsync(new byte[BufferBytes], 1, throwOnEndOfStream: false, _ended.Token);
        await client.WriteAsync(Encoding.ASCII.GetBytes(error), _ended.Token);
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, StrongBox left, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            Interlocked.Add(ref _bytes, read);
            var passed = (int)Math.Min(read, Interlocked.Add(ref left.Value, -read) + read);
            await to.WriteAsync(buffer.AsMemory(0, Math.Max(passed, 0)), cancellationToken);
            if (passed < read || IsCut)
            {
                return;
            }
        }
    }

    private sealed class StrongBox(long value)
    {
        public long Value = value;
    }
}
