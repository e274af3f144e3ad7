using System.CommandLine;
using Sluice.Cli.Rendering;
using Sluice.Client;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice plan</c>: what would run and why.</summary>
internal static class PlanCommand
{
    private static readonly Option<bool> ExitCode = new("--exit-code") { Description = "Exit with 3 when something would run" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("plan", "Show what would run and why") { RunCommand.Targets, RunCommand.Ref, RunCommand.Engine, RunCommand.Force, RunCommand.Adopt, ExitCode };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var target = await Target.FindAsync(parsed, cancellationToken);
        Notes.Write(target, parsed.GetValue(RunCommand.Ref));
        var request = await target.RequestAsync(parsed.GetValue(RunCommand.Ref), cancellationToken) with
        {
            Targets = parsed.GetValue(RunCommand.Targets),
            Force = parsed.GetValue(RunCommand.Force),
            Adopt = parsed.GetValue(RunCommand.Adopt),
        };
        await using var session = await Session.OpenAsync(parsed, cancellationToken);
        RunCommand.CheckEngine(session, parsed.GetValue(RunCommand.Engine));
        var plan = await session.Api.PlanAsync(request, cancellationToken);
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(plan, ClientJson.Default.PlanView);
        }
        else
        {
            RunTable.WritePlan(plan);
        }

        Output.Warnings(plan.Warnings);

        var wouldRun = plan.Counts.GetValueOrDefault("run") + plan.Counts.GetValueOrDefault("may_run") > 0;
        return wouldRun && parsed.GetValue(ExitCode) ? ExitCodes.WouldRun : ExitCodes.Done;
    }
}
