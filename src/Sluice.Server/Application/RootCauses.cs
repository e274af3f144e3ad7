using System.Numerics;
using Sluice.Client;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Running;

namespace Sluice.Server.Application;

/// <summary>Groups the reasons of tasks by what changed, and counts what came after each.</summary>
internal static class RootCauses
{
    /// <summary>How many causes one walk follows: a bit each.</summary>
    private const int Width = 64;

    /// <summary>Each cause once, the one that concerns most tasks first.</summary>
    public static IReadOnlyList<RootCauseView> Of(IReadOnlyList<TaskRun> tasks, ResolvedJob job)
    {
        // What a task that only might have run says of its inputs is a consequence, not a cause.
        var causes = tasks
            .SelectMany(task => task.Reasons, (task, reason) => (task, reason))
            .Where(pair => pair.reason.Code != ReasonCode.Upstream
                && !(pair.reason.Code is ReasonCode.InputChanged && pair.task.Planned == PlannedState.MayRun))
            .GroupBy(pair => (pair.reason.Code, Subject: pair.reason.Code == ReasonCode.NewTask ? "" : pair.reason.Subject))
            .ToList();
        var mayRun = tasks.Where(task => task.Planned == PlannedState.MayRun).Select(task => task.Index).ToHashSet();
        var downstream = causes
            .Select(cause => cause.Select(pair => pair.task.Index))
            .Chunk(Width)
            .SelectMany(some => CountDownstream(job, some, mayRun));
        return
        [
            .. causes
                .Zip(downstream, (cause, count) => new RootCauseView(
                    Views.Of(cause.First().reason) with { Subject = cause.Key.Subject },
                    [.. cause.Select(pair => pair.task.Name.Value).Distinct()],
                    count))
                .OrderByDescending(cause => cause.Tasks.Count + cause.Downstream),
        ];
    }

    // Ten thousand causes would be ten thousand walks; so many fit into one, dependencies first.
    private static int[] CountDownstream(ResolvedJob job, IEnumerable<int>[] causes, HashSet<int> counted)
    {
        var own = new ulong[job.Tasks.Length];
        for (var bit = 0; bit < causes.Length; bit++)
        {
            foreach (var index in causes[bit])
            {
                own[index] |= 1UL << bit;
            }
        }

        var counts = new int[causes.Length];
        var reached = new ulong[job.Tasks.Length];
        foreach (var index in job.Order)
        {
            foreach (var upstream in job.Tasks[index].Upstream)
            {
                reached[index] |= own[upstream] | reached[upstream];
            }

            var left = counted.Contains(index) ? reached[index] & ~own[index] : 0;
            for (; left != 0; left &= left - 1)
            {
                counts[BitOperations.TrailingZeroCount(left)]++;
            }
        }

        return counts;
    }
}
