using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Core.Clusters;

/// <summary>
/// Carries out a plan as workflows of a cluster: hands one over, follows it, and takes in what its pods say they made, dependencies first. See
/// "Argo" in docs/design.
/// </summary>
internal sealed class ClusterExecution(
    Run run,
    ExecutionBoard board,
    WorkflowSeries series,
    RunTurns turns,
    ClaimIntake claims,
    PodFailures failures,
    IRunWork work,
    IClusterEngine engine,
    RunProgress progress,
    ConcurrentDictionary<RunId, ClusterExecution> going) : IExecution
{
    /// <summary>How often a task is given to another workflow whose pod left nothing that counts.</summary>
    private const int MaxTries = 3;

    private static readonly Dictionary<int, PodStatus> NoPods = [];

    private readonly List<ExecutionNode> _ready = [];
    private readonly Dictionary<int, int> _tries = [];
    private volatile WorkflowOrder? _current;
    private Task _handedOver = Task.CompletedTask;

    // Whether something was left to another run: from then on, what is ready may be stored by now.
    private bool _hasLeft;

    /// <inheritdoc/>
    public ImmutableArray<RecordedTask?> Results => board.Results;

    /// <inheritdoc/>
    public FaultKind? Fault => board.HasFailed && failures.AreAllOutside ? FaultKind.Unavailable : null;

    /// <summary>The name of the workflow that a task is part of now.</summary>
    public string? WorkflowOf(int task) => _current is { } order && order.Tasks.Contains(task) ? order.Name : null;

    /// <inheritdoc/>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        board.Prepare();
        if (await series.HasBegunAsync(cancellationToken))
        {
            // What was claimed before an interruption needs no pod.
            await TakeInAsync(NoPods, _ => true, cancellationToken);
        }

        while (!progress.HasFailed)
        {
            Describe();
            if (Open() is not [_, ..] open || (run.Options.FailFast && board.HasFailed))
            {
                break;
            }

            if (await NextAsync(open, cancellationToken) is not { } order)
            {
                continue;
            }

            // Known before it is there: who cancels right then finds it.
            _current = order;
            turns.Release(order.Tasks.Contains);
            _handedOver = engine.SubmitAsync(order, cancellationToken);
            await _handedOver.WaitAsync(cancellationToken);
            await FollowAsync(order, cancellationToken);
            series.SetDone();
            turns.Release(_ => false);
            if (failures.Damaged is [var damaged, ..])
            {
                throw new DamagedContentException(damaged);
            }
        }

        board.GiveUp();
        return board.IsWhole;
    }

    /// <inheritdoc/>
    public async Task CancelAsync(CancellationToken cancellationToken)
    {
        if (_current is { } order)
        {
            await StopAsync(order, cancellationToken);
            if (!_handedOver.IsCompleted)
            {
                // It was still on its way, and would have come after it was stopped.
                await Task.WhenAny(_handedOver).WaitAsync(cancellationToken);
                await StopAsync(order, cancellationToken);
            }
        }

        board.Cancel();
    }

    /// <inheritdoc/>
    public async Task CleanUpAsync(bool hasEnded)
    {
        going.TryRemove(run.Id, out _);
        turns.Release(_ => false);
        try
        {
            if (hasEnded)
            {
                await work.ClearAsync(CancellationToken.None);
                await engine.ForgetAsync(run.Id, CancellationToken.None);
            }
        }
        catch (SluiceException)
        {
            // How the run ended is written down, and stays so; a gc takes the area away, and the workflow with it what the cluster keeps.
        }
    }

    private async Task StopAsync(WorkflowOrder order, CancellationToken cancellationToken)
    {
        try
        {
            await engine.StopAsync(order.Name, run.Id, cancellationToken);
        }
        catch (SluiceException exception)
        {
            progress.Warn([$"the workflow {order.Name} could not be stopped and may go on: {exception.Message}"]);
        }
    }

    private List<ExecutionNode> Open() => board.InDependencyOrder().Where(node => node.Result is null && node.State is TaskState.Pending).ToList();

    // What has become ready is written down. Whether a result for it is stored, its pod finds out.
    private void Describe()
    {
        while (TakeReady())
        {
            _ready.RemoveAll(node => node.State != TaskState.Pending);
            _ready.ForEach(board.Queue);
        }
    }

    // What another run computes right now, and what follows from it, is left for a later workflow. Nothing where that is all, and has been waited for.
    private async Task<WorkflowOrder?> NextAsync(List<ExecutionNode> open, CancellationToken cancellationToken)
    {
        if (await series.TakeUpAsync(open, cancellationToken) is { } begun)
        {
            turns.Take(_ready.Where(node => begun.Tasks.Contains(node.Task.Index)));
            return begun;
        }

        var others = turns.Take(_ready);
        if (_hasLeft)
        {
            // Looked for only now that nobody else can be about to make it.
            await claims.TakeStoredAsync([.. _ready.Where(turns.Has)], cancellationToken);
            if (_ready.RemoveAll(node => node.State != TaskState.Pending) > 0)
            {
                return null;
            }
        }

        _hasLeft |= others.Count > 0;
        var left = others.Concat(others.SelectMany(board.Downstream)).ToHashSet();
        if (open.RemoveAll(left.Contains) > 0 && open.Count == 0)
        {
            await turns.WaitAsync(others, cancellationToken);
            return null;
        }

        return await series.NextAsync(open, cancellationToken);
    }

    private async Task FollowAsync(WorkflowOrder order, CancellationToken cancellationToken)
    {
        WorkflowStatus? last = null;
        var isStopped = false;
        await foreach (var status in engine.FollowAsync(order, cancellationToken))
        {
            last = status;
            var pods = status.Tasks.ToDictionary(pod => pod.Task);
            Show(order, pods.Values);
            await TakeInAsync(pods, node => pods.GetValueOrDefault(node.Task.Index)?.State == PodState.Succeeded, cancellationToken);
            if (progress.HasFailed)
            {
                return;
            }

            // Argo's own way to fail fast lets go on what runs.
            if (run.Options.FailFast && !isStopped && pods.Values.Any(pod => pod.State == PodState.Failed))
            {
                isStopped = true;
                await StopAsync(order, cancellationToken);
            }
        }

        // A pod may have said what it made although the cluster does not call it a success.
        var ended = (last?.Tasks ?? []).ToDictionary(pod => pod.Task);
        await TakeInAsync(ended, node => order.Tasks.Contains(node.Task.Index), cancellationToken);
        await FailOthersAsync(order, last, ended, cancellationToken);
    }

    // Wave by wave: what follows a task may be claimed as soon as that one has its result.
    private async Task TakeInAsync(IReadOnlyDictionary<int, PodStatus> pods, Func<ExecutionNode, bool> mayBeClaimed, CancellationToken cancellationToken)
    {
        TakeReady();
        for (var wave = _ready.Where(mayBeClaimed).ToList(); wave.Count > 0;)
        {
            await claims.TakeAsync(wave, pods, cancellationToken);
            _ready.RemoveAll(node => node.State != TaskState.Pending);
            var known = _ready.Count;
            wave = TakeReady() ? _ready.Skip(known).Where(mayBeClaimed).ToList() : [];

            // What follows is taken before the others hear of what has ended, and may need that as well.
            turns.Take(_ready.Skip(known).Where(node => _current?.Tasks.Contains(node.Task.Index) is true));
            turns.Release(_ => true);
        }
    }

    private bool TakeReady()
    {
        var before = _ready.Count;
        _ready.AddRange(board.TakeReady().Where(board.TryDescribe));
        return _ready.Count > before;
    }

    private void Show(WorkflowOrder order, IEnumerable<PodStatus> pods)
    {
        foreach (var pod in pods)
        {
            if (board.Find(pod.Task) is not { State: TaskState.Pending } node || !order.Tasks.Contains(pod.Task))
            {
                continue;
            }

            if (pod is { State: PodState.Running, Attempts: [.., var current] })
            {
                progress.ChangeIf(pod.Task, it => it.State != TaskState.Running, it => it with { State = TaskState.Running, StartedAt = it.StartedAt ?? current.StartedAt });
            }

            if (pod.Trouble is { } trouble)
            {
                progress.Warn([$"{node.Task.Task.Name}: its pod does not begin: {trouble}"]);
            }
        }
    }

    // Of the tasks that were ready only: what depends on others is skipped with them, or waits for the next workflow.
    private async Task FailOthersAsync(
        WorkflowOrder order, WorkflowStatus? last, Dictionary<int, PodStatus> pods, CancellationToken cancellationToken)
    {
        var otherwise = last is { IsGone: true } ? $"the workflow {order.Name} was deleted before it had ended"
            : last?.Error ?? $"the workflow {order.Name} ended without a word of it";
        var rest = _ready.Where(node => node.State == TaskState.Pending && order.Tasks.Contains(node.Task.Index));

        // Those first that failed by themselves: what was stopped with its workflow for their sake has not failed.
        foreach (var node in rest.OrderBy(node => IsStopped(pods.GetValueOrDefault(node.Task.Index))).ToList())
        {
            var pod = pods.GetValueOrDefault(node.Task.Index);
            if (run.Options.FailFast && board.HasFailed && IsStopped(pod))
            {
                progress.Change(node.Task.Index, it => it with { State = TaskState.Cancelled });
                board.Fail(node, TaskState.Cancelled);
                continue;
            }

            var isUntried = pod?.State is null or PodState.Waiting or PodState.Skipped;
            if (isUntried && run.Options.FailFast && board.HasFailed)
            {
                continue;
            }

            // Its claim was refused, or it was skipped for an upstream that has a claim all the same: another pod has a try at it.
            if (pod?.State is PodState.Succeeded or PodState.Skipped && last is { Error: null, IsGone: false } && TryAgain(node))
            {
                // One that nobody can read would keep the next pod from putting its own.
                await work.DeleteClaimAsync(node.Task.Index, cancellationToken);
                continue;
            }

            if (await failures.TakeAsync(order.Name, node, pod, otherwise, cancellationToken))
            {
                board.Fail(node, TaskState.Failed);
            }
        }

        _ready.RemoveAll(node => node.State != TaskState.Pending);
    }

    private static bool IsStopped(PodStatus? pod) => pod is { State: PodState.Failed, Attempts: [.., { IsOutside: true }] };

    private bool TryAgain(ExecutionNode node) => (_tries[node.Task.Index] = _tries.GetValueOrDefault(node.Task.Index) + 1) < MaxTries;
}
