using System.CommandLine;
using System.Text;
using Sluice.Cli.Rendering;
using Sluice.Client;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice log</c>: what a task printed.</summary>
internal static class LogCommand
{
    private static readonly Argument<string> Task = new("TASK") { HelpName = "TASK", Description = "The task" };
    private static readonly Option<bool> Follow = new("-f", "--follow") { Description = "Go on while it runs" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("log", "Show what a task printed") { Task, RunLookup.Run, Follow };
        Task.CompletionSources.Add(TaskNames.Suggest);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var session = Session.OpenToLook(parsed);
        var run = await RunLookup.FindAsync(parsed, session.Api, cancellationToken);
        var task = parsed.GetValue(Task)!;
        await using var log = await session.Api.LogAsync(run, task, parsed.GetValue(Follow), cancellationToken);
        if (parsed.GetValue(GlobalOptions.Json))
        {
            using var reader = new StreamReader(log, Encoding.UTF8);
            var text = await reader.ReadToEndAsync(cancellationToken);
            Output.Json(new Dictionary<string, string> { ["run_id"] = run, ["task"] = task, ["log"] = text }, ClientJson.Default.DictionaryStringString);
        }
        else
        {
            await WriteAsync(log, cancellationToken);
        }

        return ExitCodes.Done;
    }

    private static async Task WriteAsync(Stream log, CancellationToken cancellationToken)
    {
        // Decoded piece by piece: a log may be large, and a letter may lie across two pieces.
        var (decoder, bytes, letters, text) = (Encoding.UTF8.GetDecoder(), new byte[16 * 1024], new char[16 * 1024], new LogText());
        for (int read; (read = await log.ReadAsync(bytes, cancellationToken)) > 0;)
        {
            var count = decoder.GetChars(bytes, 0, read, letters, 0);
            await Console.Out.WriteAsync(text.Show(letters.AsSpan(0, count)));
            await Console.Out.FlushAsync(cancellationToken);
        }
    }
}
