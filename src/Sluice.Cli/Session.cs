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
    // A person waits for another command: what is free within a fifth of a second is soon enough.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private Session(ISluiceApi api, EmbeddedSluice? embedded) => (Api, Embedded) = (api, embedded);

    /// <summary>What users can do.</summary>
    public ISluiceApi Api { get; }

    /// <summary>Sluice itself; null when a service is talked to.</summary>
    public EmbeddedSluice? Embedded { get; }

    /// <summary>Opens what the options name, to look at what is there: also beside a command that owns the state folder.</summary>
    public static Session OpenToLook(ParseResult parsed)
    {
        if (ServerOf(parsed) is { } server)
        {
            return Connect(server);
        }

        var settings = SettingsReader.Read(Flags(parsed));
        return TryOpen(settings) ?? Embed(EmbeddedSluice.OpenShared(settings, NullLoggerFactory.Instance, TimeProvider.System));
    }

    /// <summary>Opens what the options name, to plan or to run; waits while another command owns the state folder.</summary>
    public static async Task<Session> OpenAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (ServerOf(parsed) is { } server)
        {
            return Connect(server);
        }

        var settings = SettingsReader.Read(Flags(parsed));
        if (TryOpen(settings) is { } free)
        {
            return free;
        }

        await Console.Error.WriteLineAsync($"waiting for another sluice command that uses the state folder {settings.State.Root}");
        using var timer = new PeriodicTimer(Pause);
        while (true)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            if (TryOpen(settings) is { } session)
            {
                return session;
            }
        }
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

    private static string? ServerOf(ParseResult parsed) =>
        (parsed.GetValue(GlobalOptions.Server) ?? Environment.GetEnvironmentVariable("SLUICE_SERVER")) is { Length: > 0 } server ? server : null;

    // The owner, or the client of a service that is it; null where a command is, which answers nobody.
    private static Session? TryOpen(SluiceSettings settings) =>
        EmbeddedSluice.TryOpen(settings, NullLoggerFactory.Instance, TimeProvider.System, RunTrigger.Cli) is { } embedded ? Embed(embedded)
        : StateLock.ReadAddress(settings.State.LockFile) is { } address ? Connect(address)
        : null;

    private static Session Embed(EmbeddedSluice embedded) => new(embedded.Api, embedded);

    private static Session Connect(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        ? new Session(HttpSluiceApi.Connect(uri!, Environment.GetEnvironmentVariable("SLUICE_TOKEN")), null)
        : throw new SluiceException(FaultKind.BadRequest, "invalid-server", $"--server: '{address}' is not an address like http://127.0.0.1:8000.");
}
