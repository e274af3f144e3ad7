using System.CommandLine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Cli.Commands;
using Sluice.Cli.Rendering;
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

        Output.Note($"waiting for another sluice command that uses the state folder {settings.State.Root}");
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

    /// <summary>Opens what the options name, to draw a graph: that of a run is there, and any other is planned.</summary>
    public static async Task<Session> OpenToDrawAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        parsed.GetValue(RunLookup.Drawn) is null ? await OpenAsync(parsed, cancellationToken) : OpenToLook(parsed);

    /// <summary>Opens the state folder itself, for what no service does.</summary>
    public static EmbeddedSluice OpenState(ParseResult parsed)
    {
        var settings = ReadOwnSettings(parsed);
        return EmbeddedSluice.TryOpen(settings, NullLoggerFactory.Instance, TimeProvider.System, RunTrigger.Cli)
            ?? throw StateFolderBusy(settings);
    }

    /// <summary>The settings of a command that works on the state folder of this machine.</summary>
    /// <exception cref="SluiceException">A service is named: it would be left aside without a word.</exception>
    public static SluiceSettings ReadOwnSettings(ParseResult parsed, params (string Name, string? Value)[] more)
    {
        if (ServerOf(parsed) is not null)
        {
            throw new SluiceException(
                FaultKind.BadRequest,
                "not-through-a-service",
                $"`sluice {parsed.CommandResult.Command.Name}` works on a state folder of this machine, never through a service: leave out --server and SLUICE_SERVER.");
        }

        var flags = Flags(parsed);
        foreach (var (name, value) in more.Where(flag => flag.Value is not null))
        {
            flags[name] = value!;
        }

        return SettingsReader.Read(flags);
    }

    /// <summary>What is said where somebody else owns the state folder.</summary>
    public static SluiceException StateFolderBusy(SluiceSettings settings) => new(
        FaultKind.Conflict, "state-folder-busy", $"A service or another command is using the state folder {settings.State.Root}; stop it first.");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Embedded?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static string? ServerOf(ParseResult parsed) => parsed.GetValue(GlobalOptions.Server) ?? SettingsReader.ReadConnection("SERVER");

    private static Dictionary<string, string> Flags(ParseResult parsed)
    {
        (string Name, string? Value)[] flags = [("DATA", parsed.GetValue(GlobalOptions.Data)), ("ENGINE", parsed.GetValue(RunCommand.Engine))];
        return flags.Where(flag => flag.Value is not null).ToDictionary(flag => flag.Name, flag => flag.Value!);
    }

    // The owner, or the client of a service that is it; null where a command is, which answers nobody.
    private static Session? TryOpen(SluiceSettings settings) =>
        EmbeddedSluice.TryOpen(settings, NullLoggerFactory.Instance, TimeProvider.System, RunTrigger.Cli) is { } embedded ? Embed(embedded)
        : StateLock.ReadAddress(settings.State.LockFile) is { } address ? Connect(address)
        : null;

    private static Session Embed(EmbeddedSluice embedded) => new(embedded.Api, embedded);

    // What is wrong is not repeated where it may hold a password.
    private static Session Connect(string address)
    {
        var what = address.Contains('@', StringComparison.Ordinal) ? "what is given" : $"'{address}'";
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new SluiceException(FaultKind.BadRequest, "invalid-server", $"--server: {what} is not an address like http://127.0.0.1:8000.");
        }

        return uri.UserInfo.Length == 0
            ? new Session(HttpSluiceApi.Connect(uri, SettingsReader.ReadConnection("TOKEN")), null)
            : throw new SluiceException(FaultKind.BadRequest, "invalid-server", "--server: no user and no password belong into the address; SLUICE_TOKEN takes a token.");
    }
}
