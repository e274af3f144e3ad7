using System.CommandLine;
using System.Globalization;
using Sluice.Cli.Rendering;
using Sluice.Core;
using Sluice.Core.Results;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice verify</c>: re-hashes the store.</summary>
internal static class VerifyCommand
{
    private static readonly Option<string> Sample = new("--sample") { Description = "Only so much of it, chosen at random", HelpName = "N%", DefaultValueFactory = _ => "100%" };
    private static readonly Option<bool> Rerun = new("--rerun") { Description = "Execute the stored tasks of a commit again and compare" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("verify", "Compare stored contents with their digests") { Sample, Rerun, RunCommand.Ref };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var fraction = ParsePercent(parsed.GetValue(Sample)!);
        if (parsed.GetValue(Rerun))
        {
            return await RerunAsync(parsed, fraction, cancellationToken);
        }

        var (_, maintenance, jobs) = await Maintained.OpenAsync(parsed, parsed.GetValue(GlobalOptions.Job), cancellationToken);
        var reports = new List<JobReport<VerifyReport>>();
        foreach (var job in jobs)
        {
            reports.Add(new JobReport<VerifyReport>(job.Value, await maintenance.VerifyAsync(job, fraction, cancellationToken)));
        }

        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(reports, ReportJson.Default.VerifyReports);
        }
        else
        {
            reports.ForEach(Write);
        }

        return reports.TrueForAll(found => found.Report.IsClean) ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void Write(JobReport<VerifyReport> found)
    {
        var (job, report) = found;
        Output.Line($"{job}: {report.Checked} contents ({report.Bytes} bytes) read, {report.Damaged.Count} damaged, {report.Affected.Count} result(s) lost");
        foreach (var line in report.Damaged.Select(digest => $"  damaged: {digest}")
            .Concat(report.Affected.Select(task => $"  runs again when needed: {task}"))
            .Concat(report.Lost.Select(commit => $"  comes back with the next run of the commit: {commit}"))
            .Concat(report.Mended.Select(name => $"  mended: {name}"))
            .Concat(report.Unreadable.Select(path => $"  cannot be read: {path}")))
        {
            Output.Line(line);
        }
    }

    private static async Task<int> RerunAsync(ParseResult parsed, double fraction, CancellationToken cancellationToken)
    {
        var target = await Target.FindAsync(parsed, cancellationToken);
        var request = await target.RequestAsync(parsed.GetValue(RunCommand.Ref), cancellationToken);
        await using var sluice = Session.OpenState(parsed);
        var reports = new List<RerunReportView>();
        await foreach (var report in sluice.RerunAsync(request, fraction, cancellationToken))
        {
            var view = RerunReportView.Of(report);
            reports.Add(view);
            await Console.Error.WriteLineAsync(Terminal.Safe($"{view.Outcome} {view.Task}"));
        }

        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(reports, ReportJson.Default.RerunReports);
        }
        else
        {
            foreach (var view in reports.Where(view => view.Outcome != "same"))
            {
                Output.Line($"{view.Task}: {view.Error ?? $"other bytes in {string.Join(", ", view.Differing)}"}");
            }

            Output.Line($"{reports.Count} task(s) executed again, {reports.Count(view => view.Outcome == "same")} gave the same bytes");
        }

        return reports.All(view => view.Outcome == "same") ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static double ParsePercent(string text) =>
        double.TryParse(text.EndsWith('%') ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is > 0 and <= 100
            ? percent / 100
            : throw new SluiceException(FaultKind.BadRequest, "invalid-sample", $"--sample: '{text}' is not a share like 10%.");
}
