using System.Collections.Immutable;
using Sluice.Core.Running;

namespace Sluice.Core.Clusters;

/// <summary>Puts together what a task's pods said and what the cluster says of them: a pod knows best, but one that was killed could say nothing.</summary>
internal static class PodAttempts
{
    /// <summary>Every attempt, and whether it says nothing of the task.</summary>
    public static ImmutableArray<(TaskAttempt Attempt, bool IsOutside)> Of(PodStatus? status, IReadOnlyList<PodReport> reports)
    {
        var known = reports.ToList();
        var attempts = ImmutableArray.CreateBuilder<(TaskAttempt, bool)>();
        foreach (var pod in status?.Attempts ?? [])
        {
            var report = known.Find(it => it.Pod.EndsWith(pod.Pod, StringComparison.Ordinal));
            if (report is not null)
            {
                known.Remove(report);
                attempts.Add((Of(report), false));
            }
            else if (pod.StartedAt is { } started)
            {
                attempts.Add((new TaskAttempt(started, pod.FinishedAt, pod.ExitCode, pod.Error), pod.IsOutside));
            }
        }

        attempts.AddRange(known.Select(report => (Of(report), false)));
        return attempts.ToImmutable();
    }

    private static TaskAttempt Of(PodReport report) => new(report.StartedAt, report.FinishedAt, report.ExitCode, report.Error);
}
