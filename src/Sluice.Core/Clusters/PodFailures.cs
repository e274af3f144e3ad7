using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Core.Clusters;

/// <summary>Finds out why a task's pods failed: from what they said themselves and, where they could not, from what the cluster says of them.</summary>
internal sealed class PodFailures(
    PlannedRun planned, Run run, IRunWork work, IClusterEngine engine, StateFolder state, RunProgress progress, TimeProvider time)
{
    private const int TailBytes = 16 * 1024;

    /// <summary>The executor cuts a log before this; what is larger is no log of its, and of what a pod's node gives no more is kept.</summary>
    private const long MaxLogBytes = 65L * 1024 * 1024;

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
        var (reports, setAside) = await work.ListReportsAsync(node.Task.Index, cancellationToken);
        progress.Warn([.. setAside.Select(words => $"{node.Task.Task.Name}: {words}")]);
        var attempts = PodAttempts.Of(status, reports);
        (TaskAttempt? Attempt, bool IsOutside, PodReport? Report) last = attempts is [.., var newest] ? newest : (null, true, null);

        // Looked at here too, which sets it aside: a pod may not, and what is still there would not be made again.
        if (last.Report?.Damaged is { } damaged && !await planned.Store.Blobs.VerifyAsync(damaged, cancellationToken))
        {
            Damaged.Add(damaged);
            return false;
        }

        AreAllOutside &= last.IsOutside;
        await KeepLogAsync(workflow, node, last.Report?.Log, cancellationToken);
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
        try
        {
            await using var source = log is { Size: <= MaxLogBytes } known
                ? await work.OpenAsync(known, cancellationToken)
                : await engine.OpenLogAsync(workflow, node.Task.Index, follow: false, cancellationToken);
            if (source is not null)
            {
                Directory.CreateDirectory(state.LogsOf(run.Id));
                await using var file = File.Create(state.LogOf(run.Id, node.Task.Index));
                await CopyAsync(source, file, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is SluiceException or IOException)
        {
            // A node that is gone has taken the logs of its pods with it: how the task failed is known all the same.
            progress.Warn([$"{node.Task.Task.Name}: its log could not be had: {exception.Message}"]);
        }
    }

    private static async Task CopyAsync(Stream source, FileStream file, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        for (var left = MaxLogBytes; await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellationToken) is > 0 and var read; left -= read)
        {
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
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
