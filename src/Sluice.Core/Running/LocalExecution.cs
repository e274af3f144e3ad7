using System.Collections.Immutable;
using System.Threading.Channels;
using Sluice.Core.Results;

namespace Sluice.Core.Running;

/// <summary>
/// Carries out a plan on this machine: a task starts as soon as its upstream is done. One loop owns the state; only commands run beside it. See
/// "Runs" in docs/design.
/// </summary>
internal sealed class LocalExecution(
    RunId run, ExecutionBoard board, WorkOrders orders, TaskExecutor executor, TaskRunner runner, RunProgress progress, int parallelism, bool failFast) : IExecution
{
    private readonly Queue<ExecutionNode> _runnable = new();
    private readonly Channel<(ExecutionNode Node, Task<TaskEnd> Execution)> _ended = Channel.CreateUnbounded<(ExecutionNode, Task<TaskEnd>)>();
    private int _running;
    private DamagedContentException? _damage;

    /// <inheritdoc/>
    public ImmutableArray<RecordedTask?> Results => board.Results;

    /// <inheritdoc/>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        board.Prepare();
        try
        {
            while (!progress.HasFailed)
            {
                await DecideAsync(stop.Token);

                if (failFast && board.HasFailed)
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

        board.GiveUp();
        return board.IsWhole;
    }

    /// <inheritdoc/>
    public FaultKind? Fault => null;

    /// <inheritdoc/>
    public Task CleanUpAsync(bool hasEnded)
    {
        runner.CleanUp(run);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task CancelAsync(CancellationToken cancellationToken)
    {
        board.Cancel();
        return Task.CompletedTask;
    }

    private async Task DecideAsync(CancellationToken cancellationToken)
    {
        foreach (var node in board.TakeReady())
        {
            if (!cancellationToken.IsCancellationRequested && await board.MustRunAsync(node, cancellationToken))
            {
                _runnable.Enqueue(node);
            }
        }
    }

    private void Start(ExecutionNode node, CancellationToken cancellationToken)
    {
        node.State = TaskState.Running;
        _running++;
        _ = ReportAsync(executor.ExecuteAsync(node, orders.InputsOf(node.Task, board.OutputsOf), cancellationToken));

        // Reports that it has ended, not how: the loop awaits it, and drains the channel before it ends itself.
        async Task ReportAsync(Task<TaskEnd> execution)
        {
            await Task.WhenAny(execution);
            _ended.Writer.TryWrite((node, execution));
        }
    }

    private async Task FinishAsync(ExecutionNode node, Task<TaskEnd> execution, CancellationToken cancellationToken)
    {
        try
        {
            var end = await execution;
            node.State = TaskState.Pending;
            if (end.Result is null)
            {
                board.Fail(node, end.State);
            }
            else
            {
                board.Settle(node, end.Result, end.State);
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
