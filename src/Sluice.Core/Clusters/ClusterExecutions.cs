using System.Collections.Concurrent;
using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Core.Clusters;

/// <summary>Carries plans out as workflows of a cluster.</summary>
public sealed class ClusterExecutions(IClusterEngine engine, IStore store, StateFolder state, TimeProvider time) : IExecutions
{
    private readonly ConcurrentDictionary<RunId, ClusterExecution> _going = new();
    private readonly InFlight _inFlight = new();

    /// <inheritdoc/>
    public IExecution Begin(PlannedRun planned, Run run, RunProgress progress)
    {
        var board = new ExecutionBoard(planned, run, progress, time);
        var work = planned.Store.OpenWork(run.Id);
        var orders = new OrderWriter(planned, run, board, work, engine);
        var series = new WorkflowSeries(planned, run, work, engine, orders);
        var failures = new PodFailures(planned, run, work, engine, state, progress, time);
        var claims = new ClaimIntake(planned, run, board, work, new ResultKeeper(planned, run, time), progress);
        var execution = new ClusterExecution(run, board, series, new RunTurns(_inFlight, run, board), claims, failures, work, engine, progress, _going);
        _going[run.Id] = execution;
        return execution;
    }

    /// <inheritdoc/>
    public async Task AbandonAsync(Run run)
    {
        try
        {
            var work = (await store.OpenAsync(run.Job, CancellationToken.None)).OpenWork(run.Id);
            if (await work.ListIntentsAsync(CancellationToken.None) is [.., var last])
            {
                try
                {
                    await engine.StopAsync(WorkflowOrder.NameOf(run.Id, run.Job, run.Commit, last.Number), run.Id, CancellationToken.None);
                    await engine.ForgetAsync(run.Id, CancellationToken.None);
                }
                finally
                {
                    // What goes on all the same, or is made only now by a request that was on its way for long, finds nothing to do.
                    await work.TakeOrdersBackAsync(CancellationToken.None);
                }
            }
        }
        catch (SluiceException)
        {
            // It goes on for nothing, until its tasks have ended.
        }
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenLogAsync(RunId run, int task, bool follow, CancellationToken cancellationToken) =>
        _going.TryGetValue(run, out var execution) && execution.WorkflowOf(task) is { } workflow
            ? await engine.OpenLogAsync(workflow, task, follow, cancellationToken)
            : null;
}
