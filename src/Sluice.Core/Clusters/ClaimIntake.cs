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
    /// <summary>As many claims, and contents of each, at once as are read and copied without asking too much of a server.</summary>
    private const int AtOnce = 8;

    /// <summary>Takes the claims for tasks that are ready and were described, where there are some that count; the others stay where they were.</summary>
    /// <param name="nodes">The tasks.</param>
    /// <param name="pods">What the cluster says of them, where it says something.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task TakeAsync(IReadOnlyList<ExecutionNode> nodes, IReadOnlyDictionary<int, PodStatus> pods, CancellationToken cancellationToken) =>
        ForEachAsync(nodes, (node, token) => JudgeAsync(node, pods.GetValueOrDefault(node.Task.Index), token), cancellationToken);

    /// <summary>Takes what is stored by now for tasks that are ready, since another run has made it.</summary>
    public Task TakeStoredAsync(IReadOnlyList<ExecutionNode> nodes, CancellationToken cancellationToken) =>
        ForEachAsync(nodes, FindStoredAsync, cancellationToken);

    private static async Task ForEachAsync(
        IReadOnlyList<ExecutionNode> nodes, Func<ExecutionNode, CancellationToken, Task<Action?>> judge, CancellationToken cancellationToken)
    {
        var verdicts = new Action?[nodes.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, nodes.Count), Many(cancellationToken), async (index, token) => verdicts[index] = await judge(nodes[index], token));

        // The board is one loop's: only looking and copying goes on beside it.
        foreach (var verdict in verdicts)
        {
            verdict?.Invoke();
        }
    }

    private static ParallelOptions Many(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };

    // What is to be done about a task; nothing where nobody has claimed it.
    private async Task<Action?> JudgeAsync(ExecutionNode node, PodStatus? pod, CancellationToken cancellationToken)
    {
        var (claim, wrong) = await work.FindClaimAsync(node.Task.Index, cancellationToken);
        if (claim is null)
        {
            return wrong is null ? null : await RefuseAsync(node, wrong, cancellationToken);
        }

        return claim.Fingerprint != node.Fingerprint ? await RefuseAsync(node, "it was made from other inputs than those that count", cancellationToken)
            : claim.IsReused ? await JudgeReusedAsync(node, cancellationToken)
            : WrongFile(node.Task.Task, claim.Files.Outputs) is { } file ? await RefuseAsync(node, file, cancellationToken)
            : await JudgeMadeAsync(node, claim, pod, cancellationToken);
    }

    // What the pod says of the files is not looked at: the store's own result counts.
    private async Task<Action> JudgeReusedAsync(ExecutionNode node, CancellationToken cancellationToken) =>
        await FindStoredAsync(node, cancellationToken) ?? await RefuseAsync(node, "the stored result that it names is not there any more", cancellationToken);

    private async Task<Action?> FindStoredAsync(ExecutionNode node, CancellationToken cancellationToken)
    {
        if ((await planned.Reuse.FindAsync(node.Task.Task, node.Fingerprint, cancellationToken)).Result is not { } result)
        {
            return null;
        }

        await board.HoldAsync(result, cancellationToken);
        return () => board.SettleStored(node, result);
    }

    private async Task<Action> JudgeMadeAsync(ExecutionNode node, Claim claim, PodStatus? pod, CancellationToken cancellationToken)
    {
        // Held first: a gc that is at work must not take what is about to be there.
        await planned.Store.HoldAsync(run.Id, claim.Files.Contents.Select(content => content.Digest).Prepend(claim.Fingerprint.Digest), cancellationToken);
        if (await FindRefusedAsync(claim, cancellationToken) is { } content)
        {
            return await RefuseAsync(node, $"the content {content.Digest} is not there, or is not what its digest says", cancellationToken);
        }

        // A run keeps its own bytes: what follows was made from them. The store keeps the first.
        var (made, _) = await keeper.KeepAsync(node, claim.Files, claim.StartedAt, cancellationToken);
        await board.ExplainAsync(node, refused: null, cancellationToken);
        var (reports, setAside) = pod is { Attempts.Length: > 1 } ? await work.ListReportsAsync(node.Task.Index, cancellationToken) : ([], []);
        var before = pod is { Attempts.Length: > 1 } ? PodAttempts.Of(pod, reports) : [];
        return () =>
        {
            progress.Warn([.. claim.Warnings, .. setAside.Select(words => $"{node.Task.Task.Name}: {words}")]);
            progress.Change(node.Task.Index, it => it with
            {
                StartedAt = it.StartedAt is { } started && started < claim.StartedAt ? started : claim.StartedAt,
                ExitCode = 0,
                Attempts = [.. before.Select(pair => pair.Attempt).Where(attempt => attempt.Error is not null), new TaskAttempt(claim.StartedAt, claim.FinishedAt, 0, null)],
            });
            board.Settle(node, RecordedTask.Of(node.Task.Task.Name, made), TaskState.Executed);
        };
    }

    private async Task<BlobInfo?> FindRefusedAsync(Claim claim, CancellationToken cancellationToken)
    {
        var refused = new System.Collections.Concurrent.ConcurrentQueue<BlobInfo>();
        await Parallel.ForEachAsync(claim.Files.Contents.Distinct(), Many(cancellationToken), TakeAsync);
        return refused.TryPeek(out var first) ? first : null;

        async ValueTask TakeAsync(BlobInfo content, CancellationToken token)
        {
            if (!await work.TakeAsync(content, token))
            {
                refused.Enqueue(content);
            }
        }
    }

    private static string? WrongFile(JobTask task, ImmutableArray<StoredFile> outputs) =>
        outputs.FirstOrDefault(file => !task.Outputs.Any(output => output.Covers(file.Path))) is { } undeclared
            ? $"'{undeclared.Path}' is none of its outputs"
            : outputs.Select(file => file.Path).Order().SequenceEqual(outputs.Select(file => file.Path)) is false ? "its outputs are in no order"
            : task.Outputs.Where(output => !output.IsFolder).Select(output => output.Path).Except(outputs.Select(file => file.Path)).Select(path => path.Value).FirstOrDefault() is { } missing
                ? $"its output '{missing}' is missing"
                : null;

    // Given up, so that the task can be run again; it counts as not run.
    private async Task<Action> RefuseAsync(ExecutionNode node, string reason, CancellationToken cancellationToken)
    {
        await work.DeleteClaimAsync(node.Task.Index, cancellationToken);
        return () => progress.Warn([$"{node.Task.Task.Name}: what its pod says it made was refused: {reason}"]);
    }
}
