namespace Sluice.Core.Running;

/// <summary>Carries plans out on this machine.</summary>
public sealed class LocalExecutions(TaskRunner runner, TaskSlots slots, TimeProvider time) : IExecutions
{
    private readonly InFlight _inFlight = new();

    /// <inheritdoc/>
    public IExecution Begin(PlannedRun planned, Run run, RunProgress progress)
    {
        var board = new ExecutionBoard(planned, run, progress, time);
        var orders = WorkOrders.Of(planned, run.Id);
        var keeper = new ResultKeeper(planned, run, time);
        var executor = new TaskExecutor(planned, board, orders, keeper, run, runner, _inFlight, slots, progress, time);
        var parallelism = Math.Min(run.Options.Parallelism ?? slots.Count, slots.Count);
        return new LocalExecution(run.Id, board, orders, executor, runner, progress, parallelism, run.Options.FailFast);
    }

    /// <inheritdoc/>
    public Task AbandonAsync(Run run) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<Stream?> OpenLogAsync(RunId run, int task, bool follow, CancellationToken cancellationToken) => Task.FromResult<Stream?>(null);
}
