using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Json;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>Carries a run out once: plan, run, publish. Every step can be repeated, so that an attempt after a crash or a fault finds what is there.</summary>
public sealed class RunAttempt(
    RunPlanner planner,
    IRepositories repositories,
    IRunStore runs,
    RunEnds ends,
    IExecutions executions,
    ImageLookup images,
    TimeProvider time)
{
    /// <summary>From wherever the run stands to its end.</summary>
    /// <param name="id">A run that has not ended, as far as the database knows.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="stopping">The service ends: what runs stays as it is, and is not told as cancelled.</param>
    /// <exception cref="DamagedContentException">A content that is needed is lost or damaged; planned again, what makes it runs.</exception>
    public async Task<Run> CarryOutAsync(RunId id, CancellationToken cancellationToken, CancellationToken stopping)
    {
        var run = await runs.FindRunAsync(id, cancellationToken) ?? throw new InvalidOperationException($"Run {id} is gone.");
        if (await ends.FindAsync(run, cancellationToken) is { } ended)
        {
            return ended;
        }

        var before = await ends.TasksOfAsync(run.Id, cancellationToken);
        run = run with { Status = RunStatus.Planning };
        await runs.SaveAsync(run, [], cancellationToken);

        var url = repositories.Parse(run.Url);
        var planned = await planner.PlanAsync(run.Job, url, run.Commit, run.Options, run.Id, run.Images, cancellationToken);
        if (run.Images is null && !planned.Images.IsEmpty)
        {
            run = run with { Images = planned.Images };
            await runs.SaveAsync(run, [], cancellationToken);
        }

        foreach (var adopted in planned.Adopted)
        {
            await planned.Store.PutResultAsync(adopted, replace: false, cancellationToken);
        }

        var progress = new RunProgress(runs, run, time);
        try
        {
            var execution = await BeginAsync(run, planned, before, progress, cancellationToken);
            var hasEnded = false;
            try
            {
                // Beside the tasks, which mostly take longer than a registry that does not answer is waited for.
                var running = execution.RunAsync(cancellationToken);
                var built = images.FindBuiltAsync(
                    planned.Plan.Tasks.Where(task => task.WillOrMayRun).Select(task => task.Task.Task), run.Commit, running, cancellationToken);
                var succeeded = await running;
                await planned.Store.FlushAsync(cancellationToken);
                var end = succeeded
                    ? await PublishAsync(planned, progress, execution, await built, cancellationToken)
                    : await FailAsync(planned, progress, execution.Fault);
                hasEnded = true;
                return end;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !stopping.IsCancellationRequested)
            {
                await execution.CancelAsync(stopping);
                throw;
            }
            finally
            {
                await execution.CleanUpAsync(hasEnded);
            }
        }
        finally
        {
            await progress.CompleteAsync();
        }
    }

    private async Task<IExecution> BeginAsync(
        Run run,
        PlannedRun planned,
        IReadOnlyDictionary<TaskName, TaskRun> before,
        RunProgress progress,
        CancellationToken cancellationToken)
    {
        progress.Change(it => it with { Status = RunStatus.Running, Baseline = BaselineOf(planned, run.Id) });
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
            await HoldAsync(planned, run.Id, cancellationToken);
            await RevisionContents.EnsureStoredAsync(planned.Repository, planned.Store.Blobs, planned.NeededFiles, cancellationToken);
        }

        return executions.Begin(planned, run, progress);
    }

    // Held first, then looked for: a gc that was at work meanwhile may have taken what the plan had seen.
    private static async Task HoldAsync(PlannedRun planned, RunId run, CancellationToken cancellationToken)
    {
        var results = planned.Plan.Tasks.Select(task => task.Result).OfType<RecordedTask>().ToList();
        await planned.Store.HoldAsync(
            run, results.SelectMany(result => result.Needed).Concat(planned.NeededFiles.Select(needed => needed.Content.Digest)), cancellationToken);
        var needed = results.SelectMany(result => result.Files.Contents).ToList();
        var look = await planned.Store.Blobs.LookAsync(needed, cancellationToken);
        if (await look.FirstLostAsync(needed, cancellationToken) is { } lost)
        {
            throw new DamagedContentException(lost);
        }
    }

    // The commit's own record counts as its baseline, unless this very run has put it there before it was interrupted.
    private static CommitId? BaselineOf(PlannedRun planned, RunId run) =>
        planned.Plan.Baseline is { } baseline && (baseline.Record.Run != run || baseline.Commit != planned.Revision.Commit) ? baseline.Commit : null;

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
            Reasons = before is { Reasons.IsEmpty: false } ? before.Reasons : task.Reasons,
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

    private async Task<Run> PublishAsync(
        PlannedRun planned, RunProgress progress, IExecution execution, ImmutableSortedDictionary<string, Digest> built, CancellationToken cancellationToken)
    {
        var ended = progress.Run with { Status = RunStatus.Succeeded, FinishedAt = time.GetUtcNow() };
        if (planned.IsWhole)
        {
            progress.Change(run => run with { Status = RunStatus.Publishing });
            var record = CommitRecords.Of(planned, ended, execution.Results.OfType<RecordedTask>(), built, ended.FinishedAt.Value);
            await planned.Store.PublishAsync(record, RunJson.Write(ended, progress.Tasks), cancellationToken);
            ended = ended with { FinishedAt = time.GetUtcNow() };
        }

        return await RunEnds.EndAsync(planned, progress, ended);
    }

    private Task<Run> FailAsync(PlannedRun planned, RunProgress progress, FaultKind? fault)
    {
        var failed = progress.Tasks.Where(task => task.State == TaskState.Failed).ToList();
        var first = failed.FirstOrDefault();
        var more = failed.Count > 1 ? $" ({failed.Count - 1} more failed)" : "";
        var error = first is null ? "the run's state could not be written" : $"task '{first.Name}' failed: {first.Error}{more}";
        return RunEnds.EndAsync(
            planned, progress, progress.Run with { Status = RunStatus.Failed, FinishedAt = time.GetUtcNow(), Error = error, Fault = fault });
    }
}
