using System.CommandLine;
using Sluice.Cli.Rendering;
using Sluice.Client;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice why</c>: the fields that differ.</summary>
internal static class WhyCommand
{
    private static readonly Argument<string?> Task = new("TASK") { Description = "One task (default: the root causes of all)", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string> Against = new("--against") { Description = "What to compare with (default: the run's baseline)", HelpName = "RUN|REV" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("why", "Show why tasks ran") { Task, RunLookup.Run, Against };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var session = Session.OpenToLook(parsed);
        var run = await RunLookup.FindAsync(parsed, session.Api, cancellationToken);
        var why = await session.Api.WhyAsync(run, parsed.GetValue(Task), parsed.GetValue(Against), cancellationToken);
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(why, ClientJson.Default.WhyView);
        }
        else if (parsed.GetValue(Task) is null)
        {
            WriteRoots(why);
        }
        else
        {
            why.Tasks.ToList().ForEach(task => WriteTask(task, why.Against));
        }

        return ExitCodes.Done;
    }

    private static void WriteRoots(WhyView why)
    {
        Console.Out.WriteLine(why.RootCauses.Count == 0
            ? "nothing ran: every task had a stored result"
            : $"compared with {why.Against?[..Math.Min(7, why.Against.Length)] ?? "nothing: no commit was stored"}:");
        foreach (var cause in why.RootCauses)
        {
            var tasks = string.Join(", ", cause.Tasks.Take(5)) + (cause.Tasks.Count > 5 ? $" and {cause.Tasks.Count - 5} more" : "");
            var downstream = cause.Downstream > 0 ? $", and {cause.Downstream} that follow" : "";
            Console.Out.WriteLine(Terminal.Safe($"  {RunTable.Words(cause.Reason)}{(cause.Reason.Subject.Length > 0 && cause.Reason.Detail.Length > 0 ? $" ({cause.Reason.Detail})" : "")}"));
            Console.Out.WriteLine(Terminal.Safe($"    {tasks}{downstream}"));
        }
    }

    private static void WriteTask(TaskWhyView why, string? against)
    {
        Console.Out.WriteLine(Terminal.Safe($"{why.Task.Name}: planned {why.Task.Planned}, {why.Task.State}"));
        foreach (var reason in why.Task.Reasons)
        {
            Console.Out.WriteLine(Terminal.Safe($"  {RunTable.Words(reason)}{(reason.Detail.Length > 0 && reason.Subject.Length > 0 ? $" ({reason.Detail})" : "")}"));
        }

        if (why.Fields.Count > 0)
        {
            Console.Out.WriteLine($"  fields that differ from {against?[..Math.Min(7, against.Length)]}:");
            foreach (var field in why.Fields)
            {
                Console.Out.WriteLine(Terminal.Safe($"    {field.Field} {field.Subject}"));
                Console.Out.WriteLine(Terminal.Safe($"      - {field.Before ?? "(none)"}"));
                Console.Out.WriteLine(Terminal.Safe($"      + {field.After ?? "(none)"}"));
            }
        }

        if (why.MadeBy is { } made)
        {
            Console.Out.WriteLine(Terminal.Safe($"  made by task {made.Task} of run {made.Run}"));
            Console.Out.WriteLine($"  at commit {made.Commit[..7]}, {made.FinishedAt:yyyy-MM-dd HH:mm:ss} UTC, on {made.Engine}{(made.Adopted ? ", adopted" : "")}");
            Console.Out.WriteLine("  its fingerprint does not cover:");
            why.NotCovered.ToList().ForEach(line => Console.Out.WriteLine($"    - {line}"));
        }
    }
}
