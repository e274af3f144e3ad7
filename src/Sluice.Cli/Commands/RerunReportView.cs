using Sluice.Core.Running;

namespace Sluice.Cli.Commands;

/// <summary>What came of executing a stored task again, as <c>verify --rerun --json</c> prints it.</summary>
/// <param name="Task">The task.</param>
/// <param name="Outcome"><c>same</c>, <c>differs</c> or <c>failed</c>.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Differing">The outputs that differ.</param>
internal sealed record RerunReportView(string Task, string Outcome, string? Error, IReadOnlyList<string> Differing)
{
    /// <summary>A report.</summary>
    public static RerunReportView Of(RerunReport report) => new(
        report.Task.Value,
        report.IsSame ? "same" : report.Error is null ? "differs" : "failed",
        report.Error,
        [.. report.Differing.Select(path => path.Value)]);
}
