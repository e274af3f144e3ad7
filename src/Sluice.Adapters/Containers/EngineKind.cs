using System.Net.Sockets;
using System.Text.Json;

namespace Sluice.Adapters.Containers;

/// <summary>What an engine does with users.</summary>
/// <param name="IsPodman">Whether it is Podman.</param>
/// <param name="IsRootless">Whether it runs without root.</param>
/// <param name="MapsUsers">Whether it maps users although it has root.</param>
internal sealed record EngineKind(bool IsPodman, bool IsRootless, bool MapsUsers)
{
    /// <summary>Asks without the client, which leaves out what is not Docker's: only there does Podman say that it has no root.</summary>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    /// <exception cref="JsonException">It is none.</exception>
    public static async Task<EngineKind> AskAsync(Uri host, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        if (host.Scheme == "unix")
        {
            handler.ConnectCallback = (_, token) => ConnectAsync(host.LocalPath, token);
        }

        using var client = new HttpClient(handler) { Timeout = timeout };
        await using var answer = await client.GetStreamAsync(host.Scheme == "unix" ? "http://localhost/info" : $"http://{host.Authority}/info", cancellationToken);
        using var info = await JsonDocument.ParseAsync(answer, cancellationToken: cancellationToken);
        return Of(info.RootElement);
    }

    /// <summary>What it says of itself.</summary>
    public static EngineKind Of(JsonElement info)
    {
        var isPodman = info.TryGetProperty("BuildahVersion", out _);
        return new EngineKind(
            isPodman,
            Has("name=rootless") || (info.TryGetProperty("Rootless", out var rootless) && rootless.ValueKind == JsonValueKind.True),
            Has("name=userns"));

        bool Has(string option) => info.TryGetProperty("SecurityOptions", out var options) && options.ValueKind == JsonValueKind.Array
            && options.EnumerateArray().Any(it => it.GetString()?.Split(',').Contains(option) is true);
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
