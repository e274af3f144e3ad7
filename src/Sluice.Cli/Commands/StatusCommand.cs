using System.CommandLine;
using Sluice.Cli.Rendering;
using Sluice.Client;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice status</c>: the tasks in git's vocabulary.</summary>
internal static class StatusCommand
{
    private const int MaxNamed = 20;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("status", "Show the tasks in git's vocabulary") { RunCommand.Ref };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var target = await Target.FindAsync(parsed, cancellationToken);
        Notes.Write(target, parsed.GetValue(RunCommand.Ref));
        var request = await target.RequestAsync(parsed.GetValue(RunCommand.Ref), cancellationToken);
        await using var session = await Session.OpenAsync(parsed, cancellationToken);
        var plan = await session.Api.PlanAsync(request with { Adopt = false }, cancellationToken);
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(plan, ClientJson.Default.PlanView);
            return ExitCodes.Done;
        }

        Output.Line(plan.BaselineCommit is { } baseline
            ? $"{plan.JobName} at {plan.Commit[..7]}, compared with {baseline[..7]}"
            : $"{plan.JobName} at {plan.Commit[..7]}, nothing stored yet");
        var groups = plan.Tasks.Where(task => task.Planned is "run" or "may_run").GroupBy(Word).ToList();
        foreach (var group in groups.OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            foreach (var task in group.Take(MaxNamed))
            {
                Output.Line($"  {group.Key + ":",-12}{task.Name}{(task.Planned == "may_run" ? " (may run)" : "")}");
            }

            if (group.Count() > MaxNamed)
            {
                Output.Line($"  {group.Key + ":",-12}… and {group.Count() - MaxNamed} more");
            }
        }

        Output.Line(groups.Count == 0
            ? "nothing to run, all results are stored"
            : $"unchanged: {plan.Counts.GetValueOrDefault("unchanged") + plan.Counts.GetValueOrDefault("cached")} (see `sluice plan` for the reasons)");
        return ExitCodes.Done;
    }

    private static string Word(TaskView task) =>
        task.Reasons.Any(reason => reason.Code == "new_task") ? "new"
        : task.Reasons.Any(reason => reason.Code == "result_missing") ? "missing"
        : "modified";
}
