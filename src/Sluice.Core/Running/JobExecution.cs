using System.Collections.Immutable;
using System.Threading.Channels;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>
/// Carries out a plan on this machine: a task starts as soon as its upstream is done, unless a result for what it turned out to depend on is
/// stored. One loop owns the state; only commands run beside it. See "Runs" in docs/design.
/// </summary>
internal sealed class JobExecution(PlannedRun planned, WorkOrders orders, TaskExecutor executor, RunProgress progress, TimeProvider time)
{
    private readonly ExecutionNode?[] _nodes = new ExecutionNode?[planned.Job.Tasks.Length];
    private readonly Queue<ExecutionNode> _undecided = new();
    private readonly Queue<ExecutionNode> _runnable = new();
    private readonly Channel<(ExecutionNode Node, Task<TaskEnd> Execution)> _ended = Channel.CreateUnbounded<(ExecutionNode, Task<TaskEnd>)>();
    private int _running;
    private bool _hasFailed;
    private DamagedContentException? _damage;

    /// <summary>What stands for each task, in the order of the file; null where it failed or was skipped.</summary>
    public ImmutableArray<RecordedTask?> Results => [.. _nodes.OfType<ExecutionNode>().Select(node => node.Result)];

    /// <summary>Runs everything that can run.</summary>
    /// <param name="parallelism">Most commands at once.</param>
    /// <param name="failFast">Whether the first failure stops everything.</param>
    /// <param name="cancellationToken">Ends all commands.</param>
    /// <returns>Whether every task has a result.</returns>
    /// <exception cref="DamagedContentException">
    /// A content that a task needs is lost or damaged, which ends this execution once its running commands have ended: planned again, what makes the
    /// content runs.
    /// </exception>
    public async Task<bool> RunAsync(int parallelism, bool failFast, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Prepare();
        try
        {
            while (!progress.HasFailed)
            {
                while (_undecided.TryDequeue(out var node))
                {
                    await DecideAsync(node, stop.Token);
                }

                if (failFast && _hasFailed)
                {
                    await stop.CancelAsync();
                }

                while (_running < parallelism && _damage is null && !stop.IsCancellationRequested && _runnable.TryDequeue(out var node))
                {
                    Start(node, stop.Token);
                }

                if (_running == 0)
                {
                    break;
                }

                var (ended, execution) = await _ended.Reader.ReadAsync(CancellationToken.None);
                _running--;
                await FinishAsync(ended, execution, stop.Token);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await DrainAsync();
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_damage is not null)
        {
            throw _damage;
        }

        GiveUpOn(_nodes.OfType<ExecutionNode>().Where(node => node.State is TaskState.Running), TaskState.Cancelled);
        GiveUpOn(_nodes.OfType<ExecutionNode>().Where(node => node.State is TaskState.Pending), TaskState.Skipped);
        return _nodes.All(node => node is null || node.Result is not null);
    }

    /// <summary>Marks whatever has not ended as cancelled.</summary>
    public void Cancel() =>
        GiveUpOn(_nodes.OfType<ExecutionNode>().Where(node => node.State is TaskState.Pending or TaskState.Running), TaskState.Cancelled);

    private void Prepare()
    {
        foreach (var task in planned.Plan.Tasks)
        {
            _nodes[task.Task.Index] = new ExecutionNode(task);
        }

        foreach (var node in _nodes.OfType<ExecutionNode>())
        {
            node.State = node.Planned.Result is null ? TaskState.Pending : TaskState.Unchanged;
            node.Result = node.Planned.Result;
        }

        foreach (var node in _nodes.OfType<ExecutionNode>().Where(node => node.Result is null))
        {
            node.Waiting = node.Task.Upstream.Count(index => _nodes[index]!.Result is null);
            EnqueueIfReady(node);
        }
    }

    private async Task DecideAsync(ExecutionNode node, CancellationToken cancellationToken)
    {
        if (node.State != TaskState.Pending || cancellationToken.IsCancellationRequested)
        {
            return;
        }

        node.Fields = planned.Fields.FieldsOf(node.Task, OutputsOf, executor.VariablesOf(node.Task.Task));
        if (node.Fields.FirstOrDefault(field => field is { Kind: FieldKind.Input, Value: FieldBuilder.Missing }) is { } missing)
        {
            progress.Change(node.Task.Index, run => run with
            {
                State = TaskState.Failed,
                Error = $"its input '{missing.Subject}' is not there: the task that makes the folder around it did not write it",
                FinishedAt = time.GetUtcNow(),
            });
            Fail(node, TaskState.Failed);
            return;
        }

        node.Fingerprint = Fingerprint.Of(node.Fields.AsSpan());
        var reuse = await planned.Reuse.FindAsync(node.Task.Task, node.Fingerprint, cancellationToken);
        if (reuse.Result is { } result)
        {
            await executor.HoldAsync(result, cancellationToken);
            Settle(node, result, executor.StateOf(result, node.Planned.State == PlannedState.MayRun ? TaskState.CutOff : TaskState.Cached));
            return;
        }

        var reasons = await ReasonsAsync(node, reuse, cancellationToken);
        progress.Change(node.Task.Index, run => run with
        {
            Fingerprint = node.Fingerprint,
            QueuedAt = time.GetUtcNow(),
            Reasons = reasons.IsEmpty ? run.Reasons : reasons,
        });
        _runnable.Enqueue(node);
    }

    // Now that the bytes of its upstream are known, a prediction gives way to what really differs.
    private async Task<ImmutableArray<Reason>> ReasonsAsync(ExecutionNode node, Reuse reuse, CancellationToken cancellationToken)
    {
        if (node.Planned.State == PlannedState.Run)
        {
            return [];
        }

        var differences = await planned.Explainer.DifferencesAsync(
            node.Fields, planned.Plan.Baseline?.Find(node.Task.Task.Name), cancellationToken);
        var own = Reasons.Of(differences);
        return reuse.Refused is { } refused ? [.. own, new Reason(refused, "", "")] : own;
    }

    private void Start(ExecutionNode node, CancellationToken cancellationToken)
    {
        node.State = TaskState.Running;
        _running++;
        _ = ReportAsync(executor.ExecuteAsync(node.Task, node.Fields, node.Fingerprint, orders.InputsOf(node.Task, OutputsOf), cancellationToken));

        // Reports that it has ended, not how: the loop awaits it, and drains the channel before it ends itself.
        async Task ReportAsync(Task<TaskEnd> execution)
        {
            await Task.WhenAny(execution);
            _ended.Writer.TryWrite((node, execution));
        }
    }

    private ImmutableArray<StoredFile>? OutputsOf(int index) => _nodes[index]!.Result!.Files.Outputs;

    private async Task FinishAsync(ExecutionNode node, Task<TaskEnd> execution, CancellationToken cancellationToken)
    {
        try
        {
            var end = await execution;
            node.State = TaskState.Pending;
            if (end.Result is null)
            {
                Fail(node, end.State);
            }
            else
            {
                Settle(node, end.Result, end.State);
            }
        }
        catch (DamagedContentException damage)
        {
            node.State = TaskState.Pending;
            _damage ??= damage;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It stays "running" until it is known whether the run was cancelled or the service is stopping.
        }
    }

    private void Settle(ExecutionNode node, RecordedTask result, TaskState state)
    {
        node.Result = result;
        node.State = state;
        progress.Change(node.Task.Index, run => run with
        {
            State = state,
            Fingerprint = result.Fingerprint,
            ResultRun = result.Provenance.Run,
            ResultCommit = result.Provenance.Commit,
            FinishedAt = time.GetUtcNow(),
        });
        foreach (var downstream in node.Task.Downstream.Select(index => _nodes[index]).OfType<ExecutionNode>())
        {
            if (downstream is { State: TaskState.Pending, Waiting: > 0 })
            {
                downstream.Waiting--;
                EnqueueIfReady(downstream);
            }
        }
    }

    private void Fail(ExecutionNode node, TaskState state)
    {
        node.State = state;
        _hasFailed |= state == TaskState.Failed;
        GiveUpOn(Downstream(node), TaskState.Skipped);
    }

    private void EnqueueIfReady(ExecutionNode node)
    {
        if (node.Waiting == 0)
        {
            _undecided.Enqueue(node);
        }
    }

    private IEnumerable<ExecutionNode> Downstream(ExecutionNode node)
    {
        var seen = new HashSet<int>();
        var waiting = new Stack<int>(node.Task.Downstream);
        while (waiting.TryPop(out var index))
        {
            if (_nodes[index] is { State: TaskState.Pending } next && seen.Add(index))
            {
                yield return next;
                foreach (var further in next.Task.Downstream)
                {
                    waiting.Push(further);
                }
            }
        }
    }

    private void GiveUpOn(IEnumerable<ExecutionNode> nodes, TaskState state)
    {
        foreach (var node in nodes.ToList())
        {
            node.State = state;
            progress.Change(node.Task.Index, run => run with { State = state, FinishedAt = time.GetUtcNow() });
        }
    }

    private async Task DrainAsync()
    {
        for (; _running > 0; _running--)
        {
            var (node, execution) = await _ended.Reader.ReadAsync();
            if (execution.IsCompletedSuccessfully)
            {
                await FinishAsync(node, execution, CancellationToken.None);
            }
        }
    }
}
