using System.CommandLine;
using System.Globalization;
using Sluice.Cli.Rendering;
using Sluice.Core;
using Sluice.Core.Jobs;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice verify</c>: re-hashes the store.</summary>
internal static class VerifyCommand
{
    private static readonly Option<string> Sample = new("--sample") { Description = "Only so much of it, chosen at random", HelpName = "N%", DefaultValueFactory = _ => "100%" };
    private static readonly Option<bool> Rerun = new("--rerun") { Description = "Execute stored tasks again and compare (comes with a later release)" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("verify", "Compare stored contents with their digests") { Sample, Rerun };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Rerun))
        {
            throw new SluiceException(FaultKind.BadRequest, "reserved", "--rerun comes with a later release; `sluice run --force TASK` computes a task anew.");
        }

        var fraction = ParsePercent(parsed.GetValue(Sample)!);
        await using var sluice = await Session.OpenStateAsync(parsed, cancellationToken);
        var found = false;
        foreach (var job in await Maintained.JobsAsync(parsed, sluice, cancellationToken))
        {
            var report = await sluice.Maintenance.VerifyAsync(job, fraction, cancellationToken);
            found |= report.Damaged.Count + report.Affected.Count > 0;
            Console.Out.WriteLine($"{job}: {report.Checked} contents ({report.Bytes} bytes) read, {report.Damaged.Count} damaged, {report.Affected.Count} result(s) lost");
            foreach (var line in report.Damaged.Select(digest => $"  damaged: {digest}").Concat(report.Affected.Select(task => $"  runs again when needed: {task}")))
            {
                Console.Out.WriteLine(Terminal.Safe(line));
            }
        }

        return found ? ExitCodes.Failed : ExitCodes.Done;
    }

    private static double ParsePercent(string text) =>
        double.TryParse(text.TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is > 0 and <= 100
            ? percent / 100
            : throw new SluiceException(FaultKind.BadRequest, "invalid-sample", $"--sample: '{text}' is not a share like 10%.");
}
