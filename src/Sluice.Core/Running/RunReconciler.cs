using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Sluice.Core.Jobs;
using Sluice.Core.Json;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>
/// Takes a run from wherever it stands to its end: plan, run, publish. Every step can be repeated, so a run that a crash interrupted is simply
/// taken up again. This is the one place where trouble outside is caught and retried.
/// </summary>
public sealed partial class RunReconciler(
    RunPlanner planner,
    IRepositories repositories,
    IStore store,
    IRunStore runs,
    TaskRunner runner,
    TaskSlots slots,
    InFlight inFlight,
    TimeProvider time,
    ILogger<RunReconciler> logger)
{
    private const int MaxTries = 5;

    /// <summary>Carries a run out. How it ends is in the run, not in an exception.</summary>
    /// <param name="id">A run that has not ended.</param>
    /// <param name="cancelRun">A person's wish to stop it: it ends as cancelled.</param>
    /// <param name="stopping">The service ends: the run stays as it is and is taken up again later.</param>
    /// <exception cref="OperationCanceledException">The service is stopping.</exception>
    public async Task<Run> ExecuteAsync(RunId id, CancellationToken cancelRun, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancelRun, stopping);
        for (var tries = 1; ; tries++)
        {
            var run = await runs.FindRunAsync(id, stopping) ?? throw new ArgumentException($"There is no run {id}.", nameof(id));
            try
            {
                return await TryAsync(run, either.Token, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                throw;
            }
            catch (OperationCanceledException) when (cancelRun.IsCancellationRequested)
            {
                return await CancelAsync(id, "cancelled on request");
            }
            catch (DamagedContentException exception) when (tries < MaxTries)
            {
                // Noticed when it was published: planned again, its producer runs.
                LogRetry(exception, id, tries);
            }
            catch (Exception exception) when (IsOutside(exception) && tries < MaxTries)
            {
                LogRetry(exception, id, tries);
                await Task.Delay(TimeSpan.FromSeconds(Math.Pow(2, tries)), time, either.Token);
            }
            catch (SluiceException exception)
            {
                return await EndAsync(id, RunStatus.Failed, exception.Message, exception.Kind);
            }
            catch (IOException exception)
            {
                return await EndAsync(
                    id, RunStatus.Failed, $"the state folder or the store could not be used: {exception.Message}", FaultKind.Unavailable);
            }
#pragma warning disable CA1031 // One of the three places where everything is caught: one bad run must not stop the others.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogDefect(exception, id);
                return await EndAsync(id, RunStatus.Failed, $"internal error ({exception.GetType().Name}); the service's log has the details");
            }
        }
    }

    // A full disk is the machine's trouble, and often gone when the task that filled it has ended.
    private static bool IsOutside(Exception exception) => exception is IOException or SluiceException { Kind: FaultKind.Unavailable };

    private async Task<Run> TryAsync(Run run, CancellationToken cancellationToken, CancellationToken stopping)
    {
        var before = await PriorTasksAsync(run.Id, cancellationToken);
        run = run with { Status = RunStatus.Planning };
        await runs.SaveAsync(run, [], cancellationToken);

        var url = repositories.Parse(run.Url);
        var planned = await planner.PlanAsync(run.Job, url, run.Commit, run.Options, run.Id, cancellationToken);
        foreach (var adopted in planned.Adopted)
        {
            await planned.Store.PutResultAsync(adopted, replace: false, cancellationToken);
        }

        var progress = new RunProgress(runs, run);
        try
        {
            var execution = await BeginAsync(run, planned, before, progress, cancellationToken);
            try
            {
                var parallelism = Math.Min(run.Options.Parallelism ?? slots.Count, slots.Count);
                var succeeded = await execution.RunAsync(parallelism, run.Options.FailFast, cancellationToken);
                await planned.Store.FlushAsync(cancellationToken);
                return succeeded
                    ? await PublishAsync(planned, progress, execution, cancellationToken)
                    : await FailAsync(planned, progress);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !stopping.IsCancellationRequested)
            {
                execution.Cancel();
                throw;
            }
        }
        finally
        {
            await progress.CompleteAsync();
            runner.CleanUp(run.Id);
        }
    }

    private async Task<JobExecution> BeginAsync(
        Run run,
        PlannedRun planned,
        IReadOnlyDictionary<TaskName, TaskRun> before,
        RunProgress progress,
        CancellationToken cancellationToken)
    {
        progress.Change(it => it with { Status = RunStatus.Running, Baseline = planned.Plan.Baseline?.Commit });
        progress.Warn(planned.Warnings);
        var unchanged = new List<TaskRun>();
        foreach (var task in planned.Plan.Tasks)
        {
            var state = InitialState(task, before.GetValueOrDefault(task.Task.Task.Name), run.Id);
            if (state.State == TaskState.Unchanged)
            {
                unchanged.Add(state);
                progress.Count(state);
            }
            else
            {
                progress.Change(state);
            }
        }

        await runs.SaveUnchangedAsync(run.Id, unchanged, cancellationToken);
        if (planned.Plan.HasWork || planned.IsWhole)
        {
            await planned.Store.HoldAsync(run.Id, Needed(planned), cancellationToken);
            await RevisionContents.EnsureStoredAsync(planned.Repository, planned.Store.Blobs, planned.NeededFiles, cancellationToken);
        }

        var orders = new WorkOrders(planned, run.Id);
        var executor = new TaskExecutor(planned, orders, run, runner, inFlight, slots, progress, time);
        return new JobExecution(planned, orders, executor, progress, time);
    }

    private static IEnumerable<Digest> Needed(PlannedRun planned) => planned.Plan.Tasks
        .Select(task => task.Result)
        .OfType<RecordedTask>()
        .SelectMany(result => result.Needed)
        .Concat(planned.NeededFiles.Select(needed => needed.Content.Digest));

    // What the run did before a crash stays told as it was: the first prediction, and what was executed.
    private static TaskRun InitialState(PlannedTask task, TaskRun? before, RunId run)
    {
        if (before is not null && task.Result is { } result && result.Fingerprint == before.Fingerprint && before.ResultRun is not null && before.IsEnded)
        {
            return before;
        }

        var own = task.Result?.Provenance.Run == run;
        return new TaskRun
        {
            Name = task.Task.Task.Name,
            Index = task.Task.Index,
            Planned = before?.Planned ?? task.State,
            Reasons = before?.Reasons ?? task.Reasons,
            Fingerprint = task.Fingerprint,
            ResultRun = task.Result?.Provenance.Run,
            ResultCommit = task.Result?.Provenance.Commit,
            Attempts = before?.Attempts ?? [],
            StartedAt = before?.StartedAt,
            State = task.State switch
            {
                _ when task.Result is { Provenance.IsAdopted: true } && own => TaskState.Adopted,
                _ when own => TaskState.Executed,
                PlannedState.Unchanged => TaskState.Unchanged,
                PlannedState.Cached => TaskState.Cached,
                _ => TaskState.Pending,
            },
        };
    }

    private async Task<IReadOnlyDictionary<TaskName, TaskRun>> PriorTasksAsync(RunId id, CancellationToken cancellationToken)
    {
        var tasks = new Dictionary<TaskName, TaskRun>();
        string? cursor = null;
        do
        {
            var page = await runs.ListTasksAsync(id, state: null, limit: 1000, cursor, cancellationToken);
            foreach (var task in page.Items)
            {
                tasks[task.Name] = task;
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);

        return tasks;
    }

    private async Task<Run> PublishAsync(
        PlannedRun planned, RunProgress progress, JobExecution execution, CancellationToken cancellationToken)
    {
        var ended = progress.Run with { Status = RunStatus.Succeeded, FinishedAt = time.GetUtcNow() };
        if (planned.IsWhole)
        {
            progress.Change(run => run with { Status = RunStatus.Publishing });
            var record = CommitRecords.Of(planned, ended, execution.Results.OfType<RecordedTask>(), ended.FinishedAt.Value);
            await planned.Store.PublishAsync(record, RunJson.Write(ended, progress.Tasks), cancellationToken);
        }

        return await EndAsync(planned, progress, ended);
    }

    private Task<Run> FailAsync(PlannedRun planned, RunProgress progress)
    {
        var failed = progress.Tasks.Where(task => task.State == TaskState.Failed).ToList();
        var first = failed.FirstOrDefault();
        var more = failed.Count > 1 ? $" ({failed.Count - 1} more failed)" : "";
        var error = first is null ? "the run's state could not be written" : $"task '{first.Name}' failed: {first.Error}{more}";
        return EndAsync(
            planned, progress, progress.Run with { Status = RunStatus.Failed, FinishedAt = time.GetUtcNow(), Error = error });
    }

    // First the record that rebuilds the database, then the database: what is acknowledged is in both.
    private async Task<Run> EndAsync(PlannedRun planned, RunProgress progress, Run ended)
    {
        runner.CleanUp(ended.Id);
        await planned.Store.PutRunAsync(ended.Id, RunJson.Write(ended, progress.Tasks), CancellationToken.None);
        await planned.Store.ReleaseAsync(ended.Id, CancellationToken.None);
        await planned.Store.FlushAsync(CancellationToken.None);
        progress.Change(_ => ended);
        await progress.CompleteAsync();
        return ended;
    }

    /// <summary>Ends a run that does not go on, or never began.</summary>
    public Task<Run> CancelAsync(RunId id, string reason) => EndAsync(id, RunStatus.Cancelled, reason);

    private async Task<Run> EndAsync(RunId id, RunStatus status, string error, FaultKind? fault = null)
    {
        var run = await runs.FindRunAsync(id, CancellationToken.None) ?? throw new InvalidOperationException($"Run {id} is gone.");
        var ended = run with { Status = status, Error = error, Fault = fault, FinishedAt = time.GetUtcNow() };
        var space = await store.OpenAsync(run.Job, CancellationToken.None);
        var tasks = (await PriorTasksAsync(id, CancellationToken.None)).Values
            .Select(task => task.IsEnded ? task : task with { State = TaskState.Cancelled, FinishedAt = ended.FinishedAt })
            .OrderBy(task => task.Index)
            .ToList();
        ended = ended with { Counts = tasks.GroupBy(task => task.State).ToImmutableSortedDictionary(group => group.Key, group => group.Count()) };
        await space.PutRunAsync(id, RunJson.Write(ended, tasks), CancellationToken.None);
        await space.ReleaseAsync(id, CancellationToken.None);
        await space.FlushAsync(CancellationToken.None);
        await runs.SaveAsync(ended, [.. tasks.Where(task => task.State == TaskState.Cancelled)], CancellationToken.None);
        return ended;
    }

    [LoggerMessage(LogLevel.Warning, "Run {RunId}: something outside did not answer (try {Tries})")]
    private partial void LogRetry(Exception exception, RunId runId, int tries);

    [LoggerMessage(LogLevel.Error, "Run {RunId}: a defect")]
    private partial void LogDefect(Exception exception, RunId runId);
}
