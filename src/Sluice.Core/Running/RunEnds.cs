using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Json;
using Sluice.Core.Results;

namespace Sluice.Core.Running;

/// <summary>Writes down how runs end: in the store, which rebuilds a lost database, and then in the database. What is acknowledged is in both.</summary>
public sealed class RunEnds(IStore store, IRunStore runs, TimeProvider time)
{
    /// <summary>How a run has ended by its record, which a crash may have kept from the database; null for one that goes on.</summary>
    public async Task<Run?> FindAsync(Run run, CancellationToken cancellationToken)
    {
        var space = await store.OpenAsync(run.Job, cancellationToken);
        if (await space.FindRunAsync(run.Id, cancellationToken) is not { } ended)
        {
            return null;
        }

        await runs.SaveAsync(ended.Run, [.. ended.Tasks.Where(task => task.State != TaskState.Unchanged)], CancellationToken.None);
        await space.ReleaseAsync(run.Id, CancellationToken.None);
        return ended.Run;
    }

    /// <summary>Ends a run whose plan was carried out.</summary>
    internal static async Task<Run> EndAsync(PlannedRun planned, RunProgress progress, Run ended)
    {
        await planned.Store.PutRunAsync(ended.Id, RunJson.Write(ended, progress.Tasks), CancellationToken.None);
        await planned.Store.ReleaseAsync(ended.Id, CancellationToken.None);
        await planned.Store.FlushAsync(CancellationToken.None);
        progress.Change(_ => ended);
        await progress.CompleteAsync();
        return ended;
    }

    /// <summary>Ends a run from wherever it stands; tasks that have not ended are cancelled.</summary>
    /// <exception cref="IOException">It cannot be written down.</exception>
    public async Task<Run> EndAsync(RunId id, RunStatus status, string error, FaultKind? fault)
    {
        var run = await runs.FindRunAsync(id, CancellationToken.None) ?? throw new InvalidOperationException($"Run {id} is gone.");
        var ended = run with { Status = status, Error = error, Fault = fault, FinishedAt = time.GetUtcNow() };
        var space = await store.OpenAsync(run.Job, CancellationToken.None);
        var tasks = (await TasksOfAsync(id, CancellationToken.None)).Values
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

    /// <summary>The tasks of a run as they were written down last.</summary>
    public async Task<IReadOnlyDictionary<TaskName, TaskRun>> TasksOfAsync(RunId id, CancellationToken cancellationToken) =>
        (await runs.ReadTasksAsync(id, withUnchanged: true, cancellationToken)).ToDictionary(task => task.Name);
}
