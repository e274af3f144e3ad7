using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;

namespace Sluice.Core.Running;

/// <summary>
/// Where every task of a plan stands while it is carried out, on whichever engine: says which are ready, decides which of these need not run, and
/// passes on how they ended. Touched by one loop only. See "Runs" in docs/design.
/// </summary>
internal sealed class ExecutionBoard(PlannedRun planned, Run run, RunProgress progress, TimeProvider time)
{
    private readonly ExecutionNode?[] _nodes = new ExecutionNode?[planned.Job.Tasks.Length];
    private readonly Queue<ExecutionNode> _undecided = new();

    /// <summary>What stands for each task, in the order of the file; null where it failed or was skipped.</summary>
    public ImmutableArray<RecordedTask?> Results => [.. Nodes.Select(node => node.Result)];

    /// <summary>The tasks of the plan, in the order of the file.</summary>
    public IEnumerable<ExecutionNode> Nodes => _nodes.OfType<ExecutionNode>();

    /// <summary>The tasks of the plan, dependencies first.</summary>
    public IEnumerable<ExecutionNode> InDependencyOrder() => planned.Job.Order.Select(index => _nodes[index]).OfType<ExecutionNode>();

    /// <summary>Whether a task has failed.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Whether every task has a result.</summary>
    public bool IsWhole => Nodes.All(node => node.Result is not null);

    /// <summary>A task of the plan; null for one that is not part of it.</summary>
    public ExecutionNode? Find(int index) => _nodes[index];

    /// <summary>What a task has made, once it is at its end.</summary>
    public ImmutableArray<StoredFile>? OutputsOf(int index) => _nodes[index]!.Result!.Files.Outputs;

    /// <summary>Puts every task of the plan on the board.</summary>
    public void Prepare()
    {
        foreach (var task in planned.Plan.Tasks)
        {
            _nodes[task.Task.Index] = new ExecutionNode(task);
        }

        foreach (var node in Nodes)
        {
            node.State = node.Planned.Result is null ? TaskState.Pending : TaskState.Unchanged;
            node.Result = node.Planned.Result;
        }

        foreach (var node in Nodes.Where(node => node.Result is null))
        {
            node.Waiting = node.Task.Upstream.Count(index => _nodes[index]!.Result is null);
            EnqueueIfReady(node);
        }
    }

    /// <summary>The tasks that have become ready since it was asked last: all their upstream has a result.</summary>
    public IEnumerable<ExecutionNode> TakeReady()
    {
        while (_undecided.TryDequeue(out var node))
        {
            if (node.State == TaskState.Pending)
            {
                yield return node;
            }
        }
    }

    /// <summary>Writes down what decides the bytes of a task that is ready.</summary>
    /// <returns>False where an input is not there, and the task has failed.</returns>
    public bool TryDescribe(ExecutionNode node)
    {
        node.Fields = planned.Fields.FieldsOf(node.Task, OutputsOf, RunVariables.Of(node.Task.Task, run.Commit, run.Id));
        if (FieldBuilder.FindMissing(node.Fields) is { } missing)
        {
            progress.Change(node.Task.Index, it => it with { State = TaskState.Failed, Error = missing, FinishedAt = time.GetUtcNow() });
            Fail(node, TaskState.Failed);
            return false;
        }

        node.Fingerprint = Fingerprint.Of(node.Fields.AsSpan());
        return true;
    }

    /// <summary>Decides about a task that is ready; one for which a result is stored is at its end.</summary>
    /// <returns>Whether it has to run.</returns>
    public async Task<bool> MustRunAsync(ExecutionNode node, CancellationToken cancellationToken)
    {
        if (!TryDescribe(node))
        {
            return false;
        }

        var reuse = await planned.Reuse.FindAsync(node.Task.Task, node.Fingerprint, cancellationToken);
        if (reuse.Result is { } result)
        {
            await HoldAsync(result, cancellationToken);
            SettleStored(node, result);
            return false;
        }

        await ExplainAsync(node, reuse.Refused, cancellationToken);
        Queue(node);
        return true;
    }

    /// <summary>Whether a result that another run is about to make may stand for a task.</summary>
    public bool MayTakeOver(ExecutionNode node) => node.Task.Task is { IsCacheable: true, IsEffect: false } && !planned.Reuse.IsForced(node.Task.Task);

    /// <summary>A task that was described waits to be run.</summary>
    public void Queue(ExecutionNode node) =>
        progress.Change(node.Task.Index, it => it with { Fingerprint = node.Fingerprint, QueuedAt = time.GetUtcNow() });

    /// <summary>Now that the bytes of its upstream are known, a prediction gives way to what really differs.</summary>
    /// <param name="node">A task that was described and has to run.</param>
    /// <param name="refused">Why a stored result does not stand for it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task ExplainAsync(ExecutionNode node, ReasonCode? refused, CancellationToken cancellationToken)
    {
        if (node.Planned.State == PlannedState.Run)
        {
            return;
        }

        var differences = await planned.Explainer.DifferencesAsync(
            node.Fields, planned.Plan.Baseline?.Find(node.Task.Task.Name), cancellationToken);
        ImmutableArray<Reason> reasons = [.. Reasons.Of(differences), .. refused is { } code ? [new Reason(code, "", "")] : Array.Empty<Reason>()];
        if (!reasons.IsEmpty)
        {
            progress.Change(node.Task.Index, it => it with { Reasons = reasons });
        }
    }

    /// <summary>A stored result stands for the task.</summary>
    public void SettleStored(ExecutionNode node, RecordedTask result) =>
        Settle(node, result, StateOf(result, node.Planned.State == PlannedState.MayRun ? TaskState.CutOff : TaskState.Cached));

    /// <summary>The task has a result; what waits for it may be ready.</summary>
    public void Settle(ExecutionNode node, RecordedTask result, TaskState state)
    {
        node.Result = result;
        node.State = state;
        progress.Change(node.Task.Index, it => it with
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

    /// <summary>The task has no result, and what waits for it never begins.</summary>
    public void Fail(ExecutionNode node, TaskState state)
    {
        node.State = state;
        HasFailed |= state == TaskState.Failed;
        GiveUpOn(Downstream(node), TaskState.Skipped);
    }

    /// <summary>The tasks that wait for a task, be it over others.</summary>
    public IEnumerable<ExecutionNode> Downstream(ExecutionNode node)
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

    /// <summary>Nothing runs any more: what ran was cancelled, and what waited is skipped.</summary>
    public void GiveUp()
    {
        GiveUpOn(Nodes.Where(node => node.State is TaskState.Running), TaskState.Cancelled);
        GiveUpOn(Nodes.Where(node => node.State is TaskState.Pending), TaskState.Skipped);
    }

    /// <summary>Marks whatever has not ended as cancelled.</summary>
    public void Cancel() => GiveUpOn(Nodes.Where(node => node.State is TaskState.Pending or TaskState.Running), TaskState.Cancelled);

    /// <summary>Keeps a result that was found from being given up while the run goes on.</summary>
    public Task HoldAsync(RecordedTask result, CancellationToken cancellationToken) =>
        planned.Store.HoldAsync(run.Id, result.Needed, cancellationToken);

    // What became of a task whose result was found: executed, where this very run has made it before it was interrupted.
    private TaskState StateOf(RecordedTask found, TaskState otherwise) => found.Provenance.Run == run.Id ? TaskState.Executed : otherwise;

    private void EnqueueIfReady(ExecutionNode node)
    {
        if (node.Waiting == 0)
        {
            _undecided.Enqueue(node);
        }
    }

    private void GiveUpOn(IEnumerable<ExecutionNode> nodes, TaskState state)
    {
        foreach (var node in nodes.ToList())
        {
            node.State = state;
            progress.Change(node.Task.Index, it => it with { State = state, FinishedAt = time.GetUtcNow() });
        }
    }
}
