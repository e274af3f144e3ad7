using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Core.Clusters;

/// <summary>Finds out why a task's pods failed: from what they said themselves and, where they could not, from what the cluster says of them.</summary>
internal sealed class PodFailures(
    PlannedRun planned, Run run, IRunWork work, IClusterEngine engine, StateFolder state, RunProgress progress, TimeProvider time)
{
    private const int TailBytes = 16 * 1024;

    /// <summary>Whether every task that failed did so for a reason that is not its own.</summary>
    public bool AreAllOutside { get; private set; } = true;

    /// <summary>Contents that a pod found lost or damaged.</summary>
    public List<BlobInfo> Damaged { get; } = [];

    /// <summary>Writes down how a task failed.</summary>
    /// <param name="workflow">The workflow.</param>
    /// <param name="node">The task.</param>
    /// <param name="status">What the cluster says; null where it says nothing.</param>
    /// <param name="otherwise">Why, where nobody says.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>False where it says nothing of the task: a content that it needs has to be made again.</returns>
    public async Task<bool> TakeAsync(
        string workflow, ExecutionNode node, PodStatus? status, string otherwise, CancellationToken cancellationToken)
    {
        var reports = await work.ListReportsAsync(node.Task.Index, cancellationToken);
        if (reports is [.., { Damaged: { } damaged }])
        {
            Damaged.Add(damaged);
            return false;
        }

        var attempts = PodAttempts.Of(status, reports);
        (TaskAttempt? Attempt, bool IsOutside) last = attempts is [.., var newest] ? newest : (null, true);
        AreAllOutside &= last.IsOutside;
        await KeepLogAsync(workflow, node, reports is [.., var report] ? report.Log : null, cancellationToken);
        var tail = await TailAsync(node, cancellationToken);
        var error = last.Attempt?.Error ?? status?.Trouble ?? otherwise;
        error = last.IsOutside && LastWords(tail) is { } words ? words : error + MissingFileHint.Of(tail, planned.UndeclaredBy(node.Task));
        progress.Change(node.Task.Index, it => it with
        {
            State = TaskState.Failed,
            StartedAt = it.StartedAt ?? (attempts.IsEmpty ? null : attempts[0].Attempt.StartedAt),
            Attempts = [.. attempts.Select(pair => pair.Attempt)],
            ExitCode = last.Attempt?.ExitCode,
            Error = error,
            FinishedAt = time.GetUtcNow(),
        });
        return true;
    }

    private async Task KeepLogAsync(string workflow, ExecutionNode node, BlobInfo? log, CancellationToken cancellationToken)
    {
        await using var source = log is { } known
            ? await work.OpenAsync(known, cancellationToken)
            : await engine.OpenLogAsync(workflow, node.Task.Index, follow: false, cancellationToken);
        if (source is not null)
        {
            Directory.CreateDirectory(state.LogsOf(run.Id));
            await using var file = File.Create(state.LogOf(run.Id, node.Task.Index));
            await source.CopyToAsync(file, cancellationToken);
        }
    }

    private async Task<string> TailAsync(ExecutionNode node, CancellationToken cancellationToken)
    {
        var path = state.LogOf(run.Id, node.Task.Index);
        if (!File.Exists(path))
        {
            return "";
        }

        await using var log = File.OpenRead(path);
        return await LogTail.ReadAsync(log, TailBytes, cancellationToken);
    }

    // What the executor said itself before it gave up.
    private static string? LastWords(string tail) =>
        tail.Split('\n').LastOrDefault(line => line.StartsWith(PodTask.SaysPrefix, StringComparison.Ordinal))?[PodTask.SaysPrefix.Length..];
}
