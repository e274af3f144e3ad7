using System.CommandLine;
using Sluice.Cli.Rendering;
using Sluice.Client;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice jobs</c>: the registered jobs.</summary>
internal static class JobsCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("jobs", "List the jobs");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var session = Session.OpenToLook(parsed);
        var page = await session.Api.ListJobsAsync(limit: 1000, cancellationToken: cancellationToken);
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(page, ClientJson.Default.PageViewJobView);
        }
        else if (page.Items.Count == 0)
        {
            Output.Line("no jobs yet; `sluice run` in a job's repository registers it");
        }
        else
        {
            Output.Table(["JOB", "LAST RUN", "COMMIT", "REPOSITORY"], page.Items.Select(job => (IReadOnlyList<string>)
                [Terminal.Cut(job.JobName, 24), job.LastRun?.Status ?? "", job.LastRun?.Commit[..7] ?? "", job.JobUrl]));
        }

        return ExitCodes.Done;
    }
}
