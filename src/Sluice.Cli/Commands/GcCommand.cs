using System.CommandLine;
using Sluice.Cli.Rendering;
using Sluice.Core;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Server.Hosting;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice gc</c>: gives space back.</summary>
internal static class GcCommand
{
    private static readonly Option<int?> KeepCommits = new("--keep-commits") { Description = "Keep the newest N stored commits of each job", HelpName = "N" };
    private static readonly Option<bool> KeepRefs = new("--keep-refs") { Description = "Keep what a branch or a tag of the checkout names" };
    private static readonly Option<string> OlderThan = new("--older-than") { Description = "Give up only what was stored longer ago, for example 30d", HelpName = "D" };
    private static readonly Option<bool> Yes = new("--yes") { Description = "Delete; without it nothing is" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("gc", "Delete what no kept commit needs; a dry run without --yes") { KeepCommits, KeepRefs, OlderThan, Yes };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = new GcOptions
        {
            KeepCommits = parsed.GetValue(KeepCommits) is { } keep ? CheckCount(keep) : null,
            OlderThan = parsed.GetValue(OlderThan) is { } age ? ParseAge(age) : TimeSpan.Zero,
            KeepAlways = parsed.GetValue(KeepRefs) ? await RefsAsync(parsed, cancellationToken) : new HashSet<CommitId>(),
            IsDryRun = !parsed.GetValue(Yes),
        };
        var (maintenance, jobs) = await Maintained.OpenAsync(parsed, cancellationToken);
        var reports = new List<JobReport<GcReport>>();
        foreach (var job in jobs)
        {
            reports.Add(new JobReport<GcReport>(job.Value, await maintenance.CollectAsync(job, options, cancellationToken)));
        }

        if (parsed.GetValue(GlobalOptions.Json))
        {
            Output.Json(reports, ReportJson.Default.GcReports);
        }
        else
        {
            reports.ForEach(Write);
        }

        if (options.IsDryRun)
        {
            Console.Error.WriteLine("nothing was deleted; add --yes to do it");
        }

        return ExitCodes.Done;
    }

    private static void Write(JobReport<GcReport> found)
    {
        var (job, report) = found;
        var verb = report.IsDryRun ? "would delete" : "deleted";
        Console.Out.WriteLine($"{job}: {verb} {report.Commits.Count} commit(s), {report.Results} result(s), {report.Contents} content(s), {report.Bytes} bytes");
    }

    private static async Task<HashSet<CommitId>> RefsAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var target = await Target.FindAsync(parsed, cancellationToken);
        var checkout = target.Checkout
            ?? throw new SluiceException(FaultKind.BadRequest, "no-repository", "--keep-refs needs a checkout: go to one, or name it with -C.");
        var commits = await CheckoutRevision.ListRefsAsync(checkout.Root, cancellationToken);
        return [.. commits.Select(CommitId.Parse)];
    }

    private static int CheckCount(int count) => count >= 1
        ? count
        : throw new SluiceException(FaultKind.BadRequest, "invalid-count", "--keep-commits is a whole number from 1.");

    private static TimeSpan ParseAge(string text)
    {
        var unit = text.Length > 0 ? text[^1] : ' ';
        return int.TryParse(text.TrimEnd('d', 'h', 'w'), out var number) && number >= 0 && unit is 'd' or 'h' or 'w'
            ? number * (unit == 'h' ? TimeSpan.FromHours(1) : unit == 'd' ? TimeSpan.FromDays(1) : TimeSpan.FromDays(7))
            : throw new SluiceException(FaultKind.BadRequest, "invalid-age", $"--older-than: '{text}' is not an age like 12h, 30d or 8w.");
    }
}
