using System.CommandLine;
using System.Text;
using Sluice.Cli.Rendering;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice log</c>: what a task printed.</summary>
internal static class LogCommand
{
    private static readonly Argument<string> Task = new("TASK") { Description = "The task" };
    private static readonly Option<bool> Follow = new("-f", "--follow") { Description = "Go on while it runs" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("log", "Show what a task printed") { Task, RunLookup.Run, Follow };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var session = Session.OpenToLook(parsed);
        var run = await RunLookup.FindAsync(parsed, session.Api, cancellationToken);
        await using var log = await session.Api.LogAsync(run, parsed.GetValue(Task)!, parsed.GetValue(Follow), cancellationToken);

        // Decoded piece by piece: a log may be large, and a letter may lie across two pieces.
        var (decoder, bytes, letters) = (Encoding.UTF8.GetDecoder(), new byte[16 * 1024], new char[16 * 1024]);
        for (int read; (read = await log.ReadAsync(bytes, cancellationToken)) > 0;)
        {
            var count = decoder.GetChars(bytes, 0, read, letters, 0);
            await Console.Out.WriteAsync(Terminal.Safe(new string(letters, 0, count)));
            await Console.Out.FlushAsync(cancellationToken);
        }

        return ExitCodes.Done;
    }
}
