using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sluice.Core.Running;
using Sluice.Server.Hosting;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice serve</c>: the service.</summary>
internal static class ServeCommand
{
    private static readonly Option<string> Urls = new("--urls") { Description = "Where to listen (default http://127.0.0.1:8000, SLUICE_URLS)", HelpName = "URL" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("serve", "Run the service") { Urls };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var settings = Session.ReadOwnSettings(parsed, ("URLS", parsed.GetValue(Urls)));

        // Who is elsewhere has no business with folders of this machine.
        settings.Git.AllowLocalPaths = settings.Access.IsLoopback;
        using var loggers = LoggerFactory.Create(Log);
        await using var sluice = EmbeddedSluice.TryOpen(settings, loggers, TimeProvider.System, RunTrigger.Api)
            ?? throw Session.StateFolderBusy(settings);
        await using var app = SluiceServer.Build(sluice, Log);
        await SluiceServer.RunAsync(sluice, app, address => Announce(address, settings), cancellationToken);
        return ExitCodes.Done;
    }

    private static void Announce(string address, SluiceSettings settings)
    {
        foreach (var note in settings.Notes)
        {
            Console.Error.WriteLine($"note: {note}");
        }

        Console.Error.WriteLine("Tasks run as processes of this user: serve only repositories that you trust.");
        Console.Error.WriteLine($"State and results are in {settings.State.Root}");
        Console.Out.WriteLine($"Listening on {address}");
    }

    private static void Log(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "HH:mm:ss ";
        });
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // What keeps it from starting is said once, by the command.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
