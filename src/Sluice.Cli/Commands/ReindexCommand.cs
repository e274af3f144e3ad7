using System.CommandLine;
using Sluice.Cli.Rendering;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice reindex</c>: rebuilds the database from the store.</summary>
internal static class ReindexCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("reindex", "Rebuild the database from the store");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var sluice = Session.OpenState(parsed);
        var report = await sluice.ReindexAsync(cancellationToken);
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(report, ReportJson.Default.Reindex);
            return ExitCodes.Done;
        }

        Output.Line($"{report.Jobs} job(s) and {report.Runs} run(s) brought back, {report.Unreadable} record(s) could not be read");
        return report.Unreadable == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }
}
