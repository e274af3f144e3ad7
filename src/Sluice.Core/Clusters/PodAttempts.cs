using System.Collections.Immutable;
using Sluice.Core.Running;

namespace Sluice.Core.Clusters;

/// <summary>Puts together what a task's pods said and what the cluster says of them: a pod knows best, but one that was killed could say nothing.</summary>
internal static class PodAttempts
{
    /// <summary>Every attempt, the newest one last, with whether it says nothing of the task, and what its pod said itself.</summary>
    public static ImmutableArray<(TaskAttempt Attempt, bool IsOutside, PodReport? Report)> Of(PodStatus? status, IReadOnlyList<PodReport> reports)
    {
        var known = reports.ToList();
        var attempts = ImmutableArray.CreateBuilder<(TaskAttempt, bool, PodReport?)>();
        foreach (var pod in status?.Attempts ?? [])
        {
            var report = known.Find(it => it.Pod == pod.Pod || it.Pod.EndsWith("-" + pod.Pod, StringComparison.Ordinal));
            if (report is not null)
            {
                known.Remove(report);
                attempts.Add(Of(report));
            }
            else if (pod.StartedAt is { } started)
            {
                attempts.Add((new TaskAttempt(started, pod.FinishedAt, pod.ExitCode, pod.Error), pod.IsOutside, null));
            }
        }

        // What the cluster does not know of was before: in an earlier workflow.
        return [.. known.Select(Of), .. attempts];
    }

    private static (TaskAttempt Attempt, bool IsOutside, PodReport? Report) Of(PodReport report) =>
        (new TaskAttempt(report.StartedAt, report.FinishedAt, report.ExitCode, report.Error), report.Damaged is not null, report);
}
