using System.CommandLine;
using System.Text.RegularExpressions;
using Sluice.Cli.Rendering;
using Sluice.Client;
using Sluice.Core.Running;
using Sluice.Server.Hosting;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice why</c>: the fields that differ.</summary>
internal static partial class WhyCommand
{
    private static readonly Argument<string?> Task = new("TASK") { HelpName = "TASK", Description = "One task (default: the root causes of all)", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string> Against = new("--against") { Description = "What to compare with (default: the run's baseline)", HelpName = "RUN|REV" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("why", "Show why tasks ran") { Task, RunLookup.Run, Against };
        Task.CompletionSources.Add(TaskNames.Suggest);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var session = Session.OpenToLook(parsed);
        var run = await RunLookup.FindAsync(parsed, session.Api, cancellationToken);
        var why = await session.Api.WhyAsync(run, parsed.GetValue(Task), await AgainstAsync(parsed, cancellationToken), cancellationToken);
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(why, ClientJson.Default.WhyView);
        }
        else if (parsed.GetValue(Task) is not null)
        {
            why.Tasks.ToList().ForEach(task => WriteTask(task, why.Against));
        }
        else if (why.RootCauses.Count > 0)
        {
            WriteRoots(why);
        }
        else
        {
            var hasTasks = (await session.Api.GetRunAsync(run, cancellationToken)).Counts.Count > 0;
            Output.Line(hasTasks ? "nothing ran: every task had a stored result" : "nothing ran: the job has no tasks");
        }

        return ExitCodes.Done;
    }

    // A run, or what the repository knows the word for; anything else is for the service to say.
    private static async Task<string?> AgainstAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var against = parsed.GetValue(Against);
        return against is not null && !RunId.TryParse(against, out _)
            && await Checkout.FindAsync(parsed.GetValue(GlobalOptions.Repository)!, cancellationToken) is { } checkout
            ? await CheckoutRevision.FindAsync(checkout.Root, against, cancellationToken) ?? against
            : against;
    }

    private static void WriteRoots(WhyView why)
    {
        Output.Line($"compared with {why.Against?[..Math.Min(7, why.Against.Length)] ?? "nothing: no commit was stored"}:");
        foreach (var cause in why.RootCauses)
        {
            var tasks = string.Join(", ", cause.Tasks.Take(5)) + (cause.Tasks.Count > 5 ? $" and {cause.Tasks.Count - 5} more" : "");
            var downstream = cause.Downstream > 0 ? $", and {cause.Downstream} that follow" : "";
            Output.Line($"  {Words(cause.Reason)}");
            Output.Line($"    {tasks}{downstream}");
        }
    }

    private static void WriteTask(TaskWhyView why, string? against)
    {
        Output.Line($"{why.Task.Name}: planned {why.Task.Planned}, {why.Task.State}");
        foreach (var reason in why.Task.Reasons)
        {
            Output.Line($"  {Words(reason)}");
        }

        if (why.Fields.Count > 0)
        {
            Output.Line($"  fields that differ from {against?[..Math.Min(7, against.Length)]}:");
            foreach (var field in why.Fields)
            {
                Output.Line($"    {field.Field} {field.Subject}");
                Output.Line($"      - {Short(field.Before)}");
                Output.Line($"      + {Short(field.After)}");
            }
        }

        if (why.MadeBy is { } made)
        {
            Output.Line($"  made by task {made.Task} of run {made.Run}");
            Output.Line($"  at commit {made.Commit[..7]}, {made.FinishedAt:yyyy-MM-dd HH:mm:ss} UTC, on {made.Engine}{(made.Adopted ? ", adopted" : "")}");
            Output.Line("  its fingerprint does not cover:");
            why.NotCovered.ToList().ForEach(line => Output.Line($"    - {line}"));
        }
    }

    // Of a task upstream the detail is what was planned, and by now it has run.
    private static string Words(ReasonView reason) =>
        RunTable.Words(reason) + (reason.Code != "upstream" && reason.Subject.Length > 0 && reason.Detail.Length > 0 ? $" ({reason.Detail})" : "");

    // Twelve digits tell two contents apart; all of them are in the JSON.
    private static string Short(string? value) => value is null ? "(none)" : LongDigest().Replace(value, "$1…");

    [GeneratedRegex("(sha256:[0-9a-f]{12})[0-9a-f]{52}")]
    private static partial Regex LongDigest();
}
