using Sluice.Core.Planning;
using Sluice.Core.Running;

namespace Sluice.Core.Clusters;

/// <summary>
/// The workflows of one run, one after the other: mostly there is one. A graph that does not fit is cut in topological order, and what is left over
/// after a fault goes into another. Each is written down before it is handed over, so that a run that is taken up again finds where it was.
/// </summary>
internal sealed class WorkflowSeries(PlannedRun planned, Run run, IRunWork work, IClusterEngine engine, OrderWriter orders)
{
    // The number of the newest workflow, and of the newest that has ended.
    private int _current;
    private int _done;

    /// <summary>Whether an earlier attempt of the run has begun one.</summary>
    public async Task<bool> HasBegunAsync(CancellationToken cancellationToken) => (await work.ListIntentsAsync(cancellationToken)).Length > 0;

    /// <summary>
    /// The last workflow of an earlier attempt, to be handed over once more; null where no task of it is open, or it is not there any more: one of
    /// the name of another that was deleted may take that one's pods for its own.
    /// </summary>
    /// <param name="open">The tasks that are not at their end.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<WorkflowOrder?> TakeUpAsync(IReadOnlyList<ExecutionNode> open, CancellationToken cancellationToken)
    {
        var last = (await work.ListIntentsAsync(cancellationToken)).LastOrDefault();
        _current = last?.Number ?? 0;
        return last is not null && last.Number > _done && open.Any(node => last.Tasks.Contains(node.Task.Index))
            && await engine.ExistsAsync(OrderOf(last).Name, cancellationToken)
            ? OrderOf(last)
            : null;
    }

    /// <summary>The next workflow, to be handed over; it was asked before whether there is one to take up.</summary>
    /// <param name="open">The tasks to run, dependencies first.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<WorkflowOrder> NextAsync(IReadOnlyList<ExecutionNode> open, CancellationToken cancellationToken) =>
        OrderOf(await WriteAsync(++_current, open, cancellationToken));

    /// <summary>The workflow has ended, and is not to be looked at again.</summary>
    public void SetDone() => _done = _current;

    private async Task<WorkflowIntent> WriteAsync(int number, IReadOnlyList<ExecutionNode> open, CancellationToken cancellationToken)
    {
        var intent = Cut(number, open, engine.MaxTasks);
        for (var most = intent.Tasks.Length / 2; most > 0 && !engine.Fits(OrderOf(intent)); most /= 2)
        {
            intent = Cut(number, open, most);
        }

        await orders.WriteAsync(open.Take(intent.Tasks.Length), cancellationToken);
        await work.PutIntentAsync(intent, cancellationToken);
        return intent;
    }

    private static WorkflowIntent Cut(int number, IReadOnlyList<ExecutionNode> open, int most) =>
        new(number, [.. open.Take(most).Select(node => node.Task.Index)]);

    private WorkflowOrder OrderOf(WorkflowIntent intent) => new()
    {
        Name = WorkflowOrder.NameOf(run.Id, run.Job, run.Commit, intent.Number),
        Run = run.Id,
        Commit = run.Commit,
        Job = planned.Job,
        Tasks = intent.Tasks.ToHashSet(),
        FailFast = run.Options.FailFast,
        Parallelism = run.Options.Parallelism,
        Images = TaskImage.AllOf(planned.Job, intent.Tasks, run.Commit, planned.Images),
    };
}
