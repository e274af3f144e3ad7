using Sluice.Core.Running;

namespace Sluice.Processes;

/// <summary>Runs a command within its time, wherever its processes are.</summary>
internal static class TimedCommand
{
    /// <summary>Runs it to its end, whether by itself, for its timeout or because it was cancelled.</summary>
    /// <param name="request">The command.</param>
    /// <param name="run">Runs it; a cancelled token ends it, and the answer still comes.</param>
    /// <param name="time">The time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">Cancelled; the whole process tree has ended.</exception>
    public static async Task<CommandOutcome> RunAsync(
        CommandRequest request, Func<CancellationToken, Task<SupervisorAnswer>> run, TimeProvider time, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var limit = new CancellationTokenSource(request.Timeout ?? Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var started = time.GetUtcNow();
        var answer = await run(either.Token);
        cancellationToken.ThrowIfCancellationRequested();
        return answer.End().ToOutcome(request, isTooLong: limit.IsCancellationRequested, started, time.GetUtcNow());
    }
}
