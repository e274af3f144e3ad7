using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Core.Clusters;

/// <summary>
/// What a pod does: finds out whether a stored result stands for its task, else runs it, and says what came of it. It proposes; only the service
/// makes results. See "Argo" in docs/design.
/// </summary>
public sealed class PodTask(IRunWork work, TaskRunner runner, StateFolder state, TimeProvider time)
{
    /// <summary>The exit status of a pod that could not do its work for a reason that is not the task's (EX_TEMPFAIL in sysexits.h).</summary>
    public const int InfrastructureFailure = 75;

    /// <summary>How a line begins that the executor says itself, among the lines of the command.</summary>
    public const string SaysPrefix = "sluice-executor: ";

    /// <summary>Does it.</summary>
    /// <param name="task">The task's index.</param>
    /// <param name="pod">The pod's name.</param>
    /// <param name="cancellationToken">Ends the command with all its processes.</param>
    /// <returns>0, or the status with which the pod is to end: the command's, where it has one.</returns>
    /// <exception cref="SluiceException">The store did not answer, or something is missing there: nothing is said of the task.</exception>
    public async Task<int> RunAsync(int task, string pod, CancellationToken cancellationToken)
    {
        // Somebody was here before: a pod that was started twice, or a workflow that was.
        if ((await work.FindClaimAsync(task, cancellationToken)).Claim is not null)
        {
            return 0;
        }

        var order = await work.FindOrderAsync(task, cancellationToken)
            ?? throw new SluiceException(FaultKind.Unavailable, "no-order", "There is no order for this pod in the store, or its credential may not read it.");
        var ordered = await OrderedTask.ReadAsync(order, work, cancellationToken);
        var started = time.GetUtcNow();
        if (FieldBuilder.FindMissing(ordered.Fields) is { } missing)
        {
            return await ReportAsync(task, pod, new TaskAttempt(started, started, null, missing), log: null, damaged: null, cancellationToken);
        }

        if (await FindStoredAsync(order, ordered, cancellationToken) is { } stored)
        {
            await work.PutClaimAsync(ClaimOf(task, pod, ordered, stored.Files, started) with { IsReused = true }, cancellationToken);
            return 0;
        }

        return await RunAsync(task, pod, ordered, cancellationToken);
    }

    // What this very run has made counts always: it was interrupted after that.
    private async Task<TaskResult?> FindStoredAsync(TaskOrder order, OrderedTask ordered, CancellationToken cancellationToken) =>
        await work.FindResultAsync(ordered.Fingerprint, cancellationToken) is { } found
        && (found.Provenance.Run == order.Run || (order.MayReuse(ordered.Fingerprint) && (order.Adopts || !found.Provenance.IsAdopted)))
            ? found
            : null;

    private async Task<int> RunAsync(int task, string pod, OrderedTask ordered, CancellationToken cancellationToken)
    {
        var (ordering, started) = (ordered.Work(), time.GetUtcNow());
        try
        {
            var outcome = await runner.RunAsync(ordering, _ => { }, cancellationToken);
            var attempt = outcome.Attempts[^1];
            if (outcome.Files is { } files)
            {
                var claim = ClaimOf(task, pod, ordered, files, attempt.StartedAt) with { Warnings = outcome.Warnings };
                if (await work.PutClaimAsync(claim, cancellationToken) is not null)
                {
                    return 0;
                }

                attempt = attempt with { Error = $"left so many files ({files.Contents.Count()}) that they cannot be told to the service; put them into an archive" };
            }

            return await ReportAsync(task, pod, attempt, state.LogOf(ordering.Run, task), damaged: null, cancellationToken);
        }
        catch (DamagedContentException damage)
        {
            await ReportAsync(task, pod, new TaskAttempt(started, time.GetUtcNow(), null, damage.Message), log: null, damage.Content, cancellationToken);
            return InfrastructureFailure;
        }
    }

    private Claim ClaimOf(int task, string pod, OrderedTask ordered, ResultFiles files, DateTimeOffset started) => new()
    {
        Task = task,
        Pod = pod,
        Fingerprint = ordered.Fingerprint,
        Files = files,
        StartedAt = started,
        FinishedAt = time.GetUtcNow(),
    };

    private async Task<int> ReportAsync(int task, string pod, TaskAttempt attempt, string? log, BlobInfo? damaged, CancellationToken cancellationToken)
    {
        var output = File.Exists(log) ? await work.Contents.TakeFileAsync(log, keep: false, cancellationToken) : null;
        var report = new PodReport
        {
            Task = task,
            Pod = pod,
            StartedAt = attempt.StartedAt,
            FinishedAt = attempt.FinishedAt ?? time.GetUtcNow(),
            ExitCode = attempt.ExitCode,
            Error = attempt.Error is { } error ? error[..Math.Min(error.Length, PodReport.MaxErrorLength)] : "failed",
            Log = output,
            Damaged = damaged,
        };
        await work.PutReportAsync(report, cancellationToken);

        // The status that means "try again" is not the command's to give.
        return attempt.ExitCode is > 0 and not InfrastructureFailure ? attempt.ExitCode.Value : 1;
    }
}
