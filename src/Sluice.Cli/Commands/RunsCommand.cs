using System.CommandLine;
using Sluice.Cli.Rendering;
using Sluice.Client;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice runs</c>: the newest runs.</summary>
internal static class RunsCommand
{
    private static readonly Option<int> Limit = new("--limit") { Description = "How many", HelpName = "N", DefaultValueFactory = _ => 20 };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("runs", "List the newest runs, of all jobs or of --job") { Limit };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var session = Session.OpenToLook(parsed);
        var page = await session.Api.ListRunsAsync(parsed.GetValue(GlobalOptions.Job), parsed.GetValue(Limit), cancellationToken: cancellationToken);
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(page, ClientJson.Default.PageViewRunView);
        }
        else if (page.Items.Count == 0)
        {
            Output.Line("no runs yet; start one with `sluice run` in a job's repository");
        }
        else
        {
            Output.Table(["RUN", "JOB", "COMMIT", "STATUS", "BEGAN (UTC)"], page.Items.Select(run => (IReadOnlyList<string>)
                [run.Id, Terminal.Cut(run.JobName, 16), run.Commit[..7], run.Status, $"{run.CreatedAt.UtcDateTime:MM-dd HH:mm:ss}"]));
        }

        return ExitCodes.Done;
    }
}
