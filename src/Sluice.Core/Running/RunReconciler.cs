using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Sluice.Core.Jobs;
using Sluice.Core.Json;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>
/// Takes a run from wherever it stands to its end, in as many attempts as it takes. This is the one place where trouble outside is caught and
/// retried. See "Runs" in docs/design.
/// </summary>
public sealed partial class RunReconciler(RunAttempt attempt, RunEnds ends, IExecutions executions, TimeProvider time, ILogger<RunReconciler> logger)
{
    private const int MaxTries = 5;

    /// <summary>How often one and the same content may be found damaged.</summary>
    private const int MaxRepairs = 3;

    /// <summary>Carries a run out. How it ends is in the run, not in an exception.</summary>
    /// <param name="id">A run that has not ended.</param>
    /// <param name="cancelRun">A person's wish to stop it: it ends as cancelled.</param>
    /// <param name="stopping">The service ends: the run stays as it is and is taken up again later.</param>
    /// <exception cref="OperationCanceledException">The service is stopping.</exception>
    /// <exception cref="SluiceException">How it ended cannot be written down (Unavailable): it has to be taken up again.</exception>
    public async Task<Run> ExecuteAsync(RunId id, CancellationToken cancelRun, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancelRun, stopping);
        var (repairs, done) = (new Dictionary<Digest, int>(), 0);
        for (var tries = 1; ; tries++)
        {
            var (ended, trouble) = await AttemptAsync(id, either.Token, stopping);
            if (ended is not null)
            {
                return ended;
            }

            if (cancelRun.IsCancellationRequested)
            {
                return await CancelAsync(id, "cancelled on request");
            }

            // Planned again, what makes the damaged content runs: that is progress, unless it is the same content time and again.
            if (trouble is DamagedContentException damage && (repairs[damage.Content.Digest] = repairs.GetValueOrDefault(damage.Content.Digest) + 1) <= MaxRepairs)
            {
                LogRepair(id, damage.Content.Digest);
                tries--;
                continue;
            }

            // A run of days meets more than one outage: what counts is those in a row without a task that ended.
            if (IsOutside(trouble!) && await CountEndedAsync(id) is var now && now > done)
            {
                (done, tries) = (now, 1);
            }

            if (tries == MaxTries || !IsOutside(trouble!))
            {
                return await FailAsync(id, trouble!);
            }

            LogRetry(trouble!, id, tries);
            await PauseAsync(TimeSpan.FromSeconds(Math.Pow(2, tries)), either.Token);
        }
    }

    /// <summary>Ends a run that does not go on, or never began.</summary>
    public Task<Run> CancelAsync(RunId id, string reason) => EndAsync(id, RunStatus.Cancelled, reason);

    // A full disk is the machine's trouble, and often gone when the task that filled it has ended.
    private static bool IsOutside(Exception exception) => exception is IOException or SluiceException { Kind: FaultKind.Unavailable };

    private async Task<(Run? Ended, Exception? Trouble)> AttemptAsync(RunId id, CancellationToken cancellationToken, CancellationToken stopping)
    {
        try
        {
            return (await attempt.CarryOutAsync(id, cancellationToken, stopping), null);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // One of the three places where everything is caught: one bad run must not stop the others.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return (null, exception);
        }
    }

    private async Task<Run> EndAsync(RunId id, RunStatus status, string error, FaultKind? fault = null)
    {
        try
        {
            var ended = await ends.EndAsync(id, status, error, fault);
            await executions.AbandonAsync(ended);
            return ended;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SluiceException(
                FaultKind.Unavailable, "end-not-stored", $"How run {id} ended could not be written down ({exception.Message}); the next request takes it up again.", exception);
        }
    }

    // Nothing, where the database is what does not answer.
    private async Task<int> CountEndedAsync(RunId id)
    {
        try
        {
            return (await ends.TasksOfAsync(id, CancellationToken.None)).Values.Count(task => task is { IsEnded: true, ResultRun: not null });
        }
        catch (SluiceException exception) when (exception.Kind == FaultKind.Unavailable)
        {
            return 0;
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The next attempt finds out which of the two it was.
        }
    }

    private Task<Run> FailAsync(RunId id, Exception trouble)
    {
        switch (trouble)
        {
            case DamagedContentException damage:
                return EndAsync(id, RunStatus.Failed, $"{damage.Message} It was made again {MaxRepairs} times in vain: look at the disk.", FaultKind.Unavailable);
            case SluiceException known:
                return EndAsync(id, RunStatus.Failed, known.Message, known.Kind);
            case IOException disk:
                return EndAsync(id, RunStatus.Failed, $"the state folder or the store could not be used: {disk.Message}", FaultKind.Unavailable);
            default:
                LogDefect(trouble, id);
                return EndAsync(id, RunStatus.Failed, $"internal error ({trouble.GetType().Name}); the service's log has the details");
        }
    }

    [LoggerMessage(LogLevel.Warning, "Run {RunId}: something outside did not answer (try {Tries})")]
    private partial void LogRetry(Exception exception, RunId runId, int tries);

    [LoggerMessage(LogLevel.Warning, "Run {RunId}: the content {Content} is lost or damaged; what makes it runs again")]
    private partial void LogRepair(RunId runId, Digest content);

    [LoggerMessage(LogLevel.Error, "Run {RunId}: a defect")]
    private partial void LogDefect(Exception exception, RunId runId);
}
