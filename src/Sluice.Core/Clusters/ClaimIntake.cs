using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Core.Clusters;

/// <summary>
/// Makes results of what pods say. A claim counts only after those of its upstream, when it has the fingerprint that follows from them, and when
/// every content was read and is what its digest says.
/// </summary>
internal sealed class ClaimIntake(PlannedRun planned, Run run, ExecutionBoard board, IRunWork work, ResultKeeper keeper, RunProgress progress)
{
    /// <summary>As many contents at once as are read and copied without asking too much of a server.</summary>
    private const int AtOnce = 16;

    /// <summary>Takes the claim for a task that is ready, where there is one.</summary>
    /// <param name="node">The task.</param>
    /// <param name="pod">What the cluster says of it, where it says something.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>False where there is none that counts: the task is where it was.</returns>
    public async Task<bool> TryTakeAsync(ExecutionNode node, PodStatus? pod, CancellationToken cancellationToken)
    {
        if (await work.FindClaimAsync(node.Task.Index, cancellationToken) is not { } claim)
        {
            return false;
        }

        if (!board.TryDescribe(node))
        {
            return true;
        }

        if (claim.Fingerprint != node.Fingerprint)
        {
            return await RefuseAsync(node, "it was made from other inputs than those that count", cancellationToken);
        }

        return claim.IsReused ? await TakeReusedAsync(node, cancellationToken) : await TakeMadeAsync(node, claim, pod, cancellationToken);
    }

    // What the pod says of the files is not looked at: the store's own result counts.
    private async Task<bool> TakeReusedAsync(ExecutionNode node, CancellationToken cancellationToken)
    {
        if ((await planned.Reuse.FindAsync(node.Task.Task, node.Fingerprint, cancellationToken)).Result is not { } result)
        {
            return await RefuseAsync(node, "the stored result that it names is not there any more", cancellationToken);
        }

        await board.HoldAsync(result, cancellationToken);
        board.SettleStored(node, result);
        return true;
    }

    private async Task<bool> TakeMadeAsync(ExecutionNode node, Claim claim, PodStatus? pod, CancellationToken cancellationToken)
    {
        if (WrongFile(node.Task.Task, claim.Files.Outputs) is { } wrong)
        {
            return await RefuseAsync(node, wrong, cancellationToken);
        }

        // Held first: a gc that is at work must not take what is about to be there.
        await planned.Store.HoldAsync(run.Id, claim.Files.Contents.Select(content => content.Digest).Prepend(claim.Fingerprint.Digest), cancellationToken);
        var refused = new List<BlobInfo>();
        await Parallel.ForEachAsync(
            claim.Files.Contents.Distinct(),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (content, token) =>
            {
                if (!await work.TakeAsync(content, token))
                {
                    lock (refused)
                    {
                        refused.Add(content);
                    }
                }
            });
        if (refused.Count > 0)
        {
            return await RefuseAsync(node, $"the content {refused[0].Digest} is not there, or is not what its digest says", cancellationToken);
        }

        // A run keeps its own bytes: what follows was made from them. The store keeps the first.
        var (made, _) = await keeper.KeepAsync(node, claim.Files, claim.StartedAt, cancellationToken);
        var before = pod is { Attempts.Length: > 1 } ? PodAttempts.Of(pod, await work.ListReportsAsync(node.Task.Index, cancellationToken)) : [];
        progress.Warn(claim.Warnings);
        progress.Change(node.Task.Index, it => it with
        {
            StartedAt = it.StartedAt is { } started && started < claim.StartedAt ? started : claim.StartedAt,
            ExitCode = 0,
            Attempts = [.. before.Select(pair => pair.Attempt).Where(attempt => attempt.Error is not null), new TaskAttempt(claim.StartedAt, claim.FinishedAt, 0, null)],
        });
        board.Settle(node, RecordedTask.Of(node.Task.Task.Name, made), TaskState.Executed);
        return true;
    }

    private static string? WrongFile(JobTask task, ImmutableArray<StoredFile> outputs) =>
        outputs.FirstOrDefault(file => !task.Outputs.Any(output => output.Covers(file.Path))) is { } undeclared
            ? $"'{undeclared.Path}' is none of its outputs"
            : task.Outputs.Where(output => !output.IsFolder).Select(output => output.Path).Except(outputs.Select(file => file.Path)).Select(path => path.Value).FirstOrDefault() is { } missing
                ? $"its output '{missing}' is missing"
                : null;

    // Given up, so that the task can be run again; it counts as not run.
    private async Task<bool> RefuseAsync(ExecutionNode node, string reason, CancellationToken cancellationToken)
    {
        await work.DeleteClaimAsync(node.Task.Index, cancellationToken);
        progress.Warn([$"{node.Task.Task.Name}: what its pod says it made was refused: {reason}"]);
        return false;
    }
}
