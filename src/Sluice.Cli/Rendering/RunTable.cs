using Sluice.Client;

namespace Sluice.Cli.Rendering;

/// <summary>What a run or a plan says of its tasks.</summary>
internal static class RunTable
{
    /// <summary>More rows than this are counted, not shown.</summary>
    private const int MaxRows = 50;

    private const int MaxName = 24;

    /// <summary>A task's name as short as a line with others needs it.</summary>
    public static string Name(TaskView task) => Terminal.CutMiddle(task.Name, MaxName);

    /// <summary>Prints the tasks of a run that did not simply stay as they were, and the counts.</summary>
    public static void Write(RunView run)
    {
        var tasks = run.Tasks ?? [];
        var shown = tasks.Count <= 20 ? tasks : [.. tasks.Where(task => task.State is not ("unchanged" or "cached"))];
        if (shown.Count > 0)
        {
            Output.Table(
                ["TASK", "PREDICTED", "HAPPENED", "TIME", "WHY"],
                shown.Take(MaxRows).Select(task => (IReadOnlyList<string>)
                    [Name(task), task.Planned, task.State ?? "", Time(task), Why(task)]));
        }

        if (shown.Count > MaxRows)
        {
            Output.Line($"… and {shown.Count - MaxRows} more tasks; see them all with --json");
        }

        Output.Line(Summary(run));
    }

    /// <summary>Prints what would run.</summary>
    public static void WritePlan(PlanView plan)
    {
        var shown = plan.Tasks.Where(task => task.Planned is "run" or "may_run").ToList();
        if (shown.Count > 0)
        {
            Output.Table(
                ["TASK", "PREDICTED", "WHY"],
                shown.Take(MaxRows).Select(task => (IReadOnlyList<string>)[Name(task), task.Planned, Why(task)]));
        }

        if (shown.Count > MaxRows)
        {
            Output.Line($"… and {shown.Count - MaxRows} more tasks; see them all with --json");
        }

        Output.Line(shown.Count == 0
            ? $"{plan.JobName} at {plan.Commit[..7]}: nothing to run, {Counts(plan.Counts)}"
            : $"{plan.JobName} at {plan.Commit[..7]}: {Counts(plan.Counts)}");
    }

    /// <summary>The reasons of a task on one line.</summary>
    public static string Why(TaskView task) => task.Error
        ?? string.Join(", ", task.Reasons.Take(3).Select(Words)) + (task.Reasons.Count > 3 ? ", …" : "");

    /// <summary>A reason in words.</summary>
    public static string Words(ReasonView reason)
    {
        var code = reason.Code.Replace('_', ' ');
        return reason.Code switch
        {
            "upstream" => $"after {reason.Subject}",
            "new_task" => "new task",
            _ when reason.Subject.Length == 0 => reason.Detail.Length == 0 ? code : $"{code}: {reason.Detail}",
            _ => $"{code}: {reason.Subject}",
        };
    }

    private static string Summary(RunView run)
    {
        var time = run.FinishedAt is { } finished ? $" in {Terminal.Show(finished - run.CreatedAt)}" : "";
        return $"{run.JobName} at {run.Commit[..7]}: {run.Status}{time}, {Counts(run.Counts)}";
    }

    private static string Counts(IReadOnlyDictionary<string, int> counts) => counts.Count == 0
        ? "no tasks"
        : string.Join(", ", counts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Value} {pair.Key.Replace('_', ' ')}"));

    private static string Time(TaskView task) =>
        task is { StartedAt: { } started, FinishedAt: { } finished, State: "executed" or "failed" } ? Terminal.Show(finished - started) : "";
}
