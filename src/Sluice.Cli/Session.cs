using System.CommandLine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Client;
using Sluice.Core;
using Sluice.Core.Running;
using Sluice.Server.Hosting;

namespace Sluice.Cli;

/// <summary>What a command talks to: a service, or Sluice itself embedded where nobody owns the state folder.</summary>
internal sealed class Session : IAsyncDisposable
{
    private Session(ISluiceApi api, EmbeddedSluice? embedded) => (Api, Embedded) = (api, embedded);

    /// <summary>What users can do.</summary>
    public ISluiceApi Api { get; }

    /// <summary>Sluice itself; null when a service is talked to.</summary>
    public EmbeddedSluice? Embedded { get; }

    /// <summary>Opens what the options name.</summary>
    public static async Task<Session> OpenAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var server = parsed.GetValue(GlobalOptions.Server) ?? Environment.GetEnvironmentVariable("SLUICE_SERVER");
        if (!string.IsNullOrEmpty(server))
        {
            return new Session(Connect(server), null);
        }

        var settings = SettingsReader.Read(Flags(parsed));
        if (EmbeddedSluice.TryOpen(settings, NullLoggerFactory.Instance, TimeProvider.System, RunTrigger.Cli) is { } embedded)
        {
            await embedded.StartAsync(cancellationToken);
            return new Session(embedded.Api, embedded);
        }

        return StateLock.ReadAddress(settings.State.LockFile) is { } address
            ? new Session(Connect(address), null)
            : throw new SluiceException(
                FaultKind.Unavailable, "state-folder-busy", $"Another sluice command is using the state folder {settings.State.Root}; wait for it, or use another with --data.");
    }

    /// <summary>Opens the state folder itself, for what no service does.</summary>
    public static async Task<EmbeddedSluice> OpenStateAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = SettingsReader.Read(Flags(parsed));
        var embedded = EmbeddedSluice.TryOpen(settings, NullLoggerFactory.Instance, TimeProvider.System, RunTrigger.Cli)
            ?? throw new SluiceException(
                FaultKind.Conflict, "state-folder-busy", $"A service or another command is using the state folder {settings.State.Root}; stop it first.");
        await Task.CompletedTask.WaitAsync(cancellationToken);
        return embedded;
    }

    /// <summary>The settings that flags give.</summary>
    public static Dictionary<string, string> Flags(ParseResult parsed) =>
        parsed.GetValue(GlobalOptions.Data) is { } data ? new Dictionary<string, string> { ["DATA"] = data } : [];

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Embedded?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static HttpSluiceApi Connect(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        ? HttpSluiceApi.Connect(uri!, Environment.GetEnvironmentVariable("SLUICE_TOKEN"))
        : throw new SluiceException(FaultKind.BadRequest, "invalid-server", $"--server: '{address}' is not an address like http://127.0.0.1:8000.");
}
