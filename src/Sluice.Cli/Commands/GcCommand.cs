using System.CommandLine;
using System.Globalization;
using Sluice.Cli.Rendering;
using Sluice.Core;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Server.Hosting;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice gc</c>: gives space back.</summary>
internal static class GcCommand
{
    private const long MaxAgeHours = 100L * 366 * 24;

    private static readonly double Days = new GcOptions().Grace.TotalDays;

    private static readonly Option<int?> KeepCommits = new("--keep-commits") { Description = "Keep the newest N stored commits of each job", HelpName = "N" };
    private static readonly Option<bool> KeepRefs = new("--keep-refs") { Description = "Keep what HEAD, a branch or a tag names; of this job only" };
    private static readonly Option<string> OlderThan = new("--older-than") { Description = "Give up only what was stored longer ago, for example 30d", HelpName = "D" };
    private static readonly Option<bool> Yes = new("--yes") { Description = "Delete; without it nothing is" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("gc", $"Delete what nothing needs, after {Days} days") { KeepCommits, KeepRefs, OlderThan, Yes };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var target = parsed.GetValue(KeepRefs) ? await Target.FindAsync(parsed, cancellationToken) : null;
        var options = new GcOptions
        {
            KeepCommits = parsed.GetValue(KeepCommits) is { } keep ? CheckCount(keep) : null,
            OlderThan = parsed.GetValue(OlderThan) is { } age ? ParseAge(age) : TimeSpan.Zero,
            KeepAlways = target is null ? new HashSet<CommitId>() : await RefsAsync(target, cancellationToken),
            IsDryRun = !parsed.GetValue(Yes),
        };

        // The refs of a repository say nothing of any other job.
        var (store, maintenance, jobs) = await Maintained.OpenAsync(parsed, target?.Job ?? parsed.GetValue(GlobalOptions.Job), cancellationToken);
        if (target?.Checkout is { } checkout)
        {
            await CheckIsTheirsAsync(await store.OpenAsync(jobs[0], cancellationToken), checkout, cancellationToken);
        }

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
            Output.Note($"what nothing needs any more stays for {Days} days after it was stored, then the next gc takes it");
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
        Output.Line($"{job}: {verb} {report.Commits.Count} commit(s), {report.Results} result(s), {report.Contents} content(s), {report.Bytes} bytes");
    }

    private static async Task<HashSet<CommitId>> RefsAsync(Target target, CancellationToken cancellationToken)
    {
        var checkout = target.Checkout
            ?? throw new SluiceException(FaultKind.BadRequest, "no-repository", "--keep-refs needs a checkout: go to one, or name it with -C.");
        var commits = await CheckoutRevision.ListRefsAsync(checkout.Root, cancellationToken);
        if (commits.Count == 0)
        {
            throw new SluiceException(FaultKind.BadRequest, "no-refs", "--keep-refs: the checkout has no branch and no tag, and so nothing to keep would be named.");
        }

        return [CommitId.Parse(checkout.Head), .. commits.Select(CommitId.Parse)];
    }

    // Another repository with a job of the same name: none of its refs would keep anything.
    private static async Task CheckIsTheirsAsync(IJobStore space, Checkout checkout, CancellationToken cancellationToken)
    {
        var stored = await space.ListCommitsAsync(cancellationToken);
        foreach (var commit in stored.Reverse())
        {
            if (await CheckoutRevision.FindAsync(checkout.Root, commit.Value, cancellationToken) is not null)
            {
                return;
            }
        }

        if (stored.Count > 0)
        {
            throw new SluiceException(
                FaultKind.Conflict, "foreign-repository", $"--keep-refs: no stored commit of the job '{space.Job}' is known in {checkout.Root}; is it another repository?");
        }
    }

    private static int CheckCount(int count) => count >= 1
        ? count
        : throw new SluiceException(FaultKind.BadRequest, "invalid-count", "--keep-commits is a whole number from 1.");

    private static TimeSpan ParseAge(string text)
    {
        var hours = text.Length == 0 ? 0 : text[^1] switch { 'h' => 1, 'd' => 24, 'w' => 7 * 24, _ => 0 };
        return hours > 0 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && (long)number * hours <= MaxAgeHours
            ? TimeSpan.FromHours((long)number * hours)
            : throw new SluiceException(
                FaultKind.BadRequest, "invalid-age", $"--older-than: '{text}' is not an age like 12h, 30d or 8w, of a hundred years at most.");
    }
}
