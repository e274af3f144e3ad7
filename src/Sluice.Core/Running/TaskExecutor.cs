using Sluice.Core.Results;

namespace Sluice.Core.Running;

/// <summary>Runs single tasks of one run: waits for its turn and a free slot, runs, and keeps the result.</summary>
internal sealed class TaskExecutor(
    PlannedRun planned,
    ExecutionBoard board,
    WorkOrders orders,
    ResultKeeper keeper,
    Run run,
    TaskRunner runner,
    InFlight inFlight,
    TaskSlots slots,
    RunProgress progress,
    TimeProvider time)
{
    /// <summary>Runs a task, or takes the result that another run has just made.</summary>
    /// <exception cref="DamagedContentException">An input's content is missing or damaged.</exception>
    public async Task<TaskEnd> ExecuteAsync(ExecutionNode node, IReadOnlyList<StoredFile> inputs, CancellationToken cancellationToken)
    {
        var task = node.Task;
        using var turn = await inFlight.EnterAsync(run.Job, node.Fingerprint, cancellationToken);
        if (turn.HadToWait && await planned.Reuse.FindAsync(task.Task, node.Fingerprint, cancellationToken) is { Result: { } made })
        {
            await board.HoldAsync(made, cancellationToken);
            return new TaskEnd(TaskState.Cached, made);
        }

        using var slot = await slots.AcquireAsync(cancellationToken);
        progress.Change(task.Index, it => it with { State = TaskState.Running, StartedAt = time.GetUtcNow() });
        var outcome = await runner.RunAsync(
            orders.Of(task, inputs) with { OnWait = WaitAsync },
            attempts => progress.Change(task.Index, it => it with { Attempts = attempts }),
            cancellationToken);
        progress.Warn(outcome.Warnings);
        progress.Change(task.Index, it => it with
        {
            State = outcome.Files is null ? TaskState.Failed : it.State,
            Attempts = outcome.Attempts,
            ExitCode = outcome.Attempts[^1].ExitCode,
            Error = outcome.Error,
            FinishedAt = time.GetUtcNow(),
        });
        if (outcome.Files is not { } files)
        {
            return new TaskEnd(TaskState.Failed, null);
        }

        // The loser of a race adopts the winner's result before anything downstream starts.
        var (_, kept) = await keeper.KeepAsync(node, files, outcome.Attempts[^1].StartedAt, cancellationToken);
        return new TaskEnd(TaskState.Executed, RecordedTask.Of(task.Task.Name, kept));

        // An image that is being built takes its time; the commands of others do not wait for it.
        Task WaitAsync(string what, Task wait)
        {
            progress.Warn([what]);
            return slot.LendAsync(wait, cancellationToken);
        }
    }
}
