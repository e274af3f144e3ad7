using Sluice.Core.Jobs;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>The one place where the state of jobs and runs lives.</summary>
public interface IRunStore
{
    /// <summary>The job of that name, or null.</summary>
    Task<Job?> FindJobAsync(JobName name, CancellationToken cancellationToken);

    /// <summary>Registers a job, or gives it another repository.</summary>
    Task SaveJobAsync(Job job, CancellationToken cancellationToken);

    /// <summary>The jobs by name.</summary>
    Task<Page<Job>> ListJobsAsync(int limit, string? cursor, CancellationToken cancellationToken);

    /// <summary>
    /// The one way to change a run: writes the run and the given tasks, and numbers an event for each, in one
    /// transaction. Creates what is new. Readers of <see cref="EventsAsync"/> see the events at once. Saving the same end twice
    /// is no change.
    /// </summary>
    /// <param name="run">The run as it is now.</param>
    /// <param name="tasks">The tasks that changed.</param>
    /// <param name="cancellationToken">Before the transaction only.</param>
    /// <exception cref="SluiceException">The run has ended, and not like this (Conflict).</exception>
    Task SaveAsync(Run run, IReadOnlyCollection<TaskRun> tasks, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps the tasks that the plan found unchanged, all at once, packed and without events; they are part of
    /// <see cref="ListTasksAsync"/>.
    /// </summary>
    Task SaveUnchangedAsync(RunId run, IReadOnlyList<TaskRun> tasks, CancellationToken cancellationToken);

    /// <summary>The run, or null.</summary>
    Task<Run?> FindRunAsync(RunId id, CancellationToken cancellationToken);

    /// <summary>Runs, newest first; of one job, or of all.</summary>
    Task<Page<Run>> ListRunsAsync(JobName? job, int limit, string? cursor, CancellationToken cancellationToken);

    /// <summary>Runs that have not ended, oldest first: what to take up again after a crash.</summary>
    Task<IReadOnlyList<Run>> ListUnfinishedAsync(CancellationToken cancellationToken);

    /// <summary>The newest run of a commit of a job, ended or not, or null.</summary>
    Task<Run?> FindNewestAsync(JobName job, CommitId commit, CancellationToken cancellationToken);

    /// <summary>One task of a run, unchanged ones included, or null.</summary>
    Task<TaskRun?> FindTaskAsync(RunId run, TaskName task, CancellationToken cancellationToken);

    /// <summary>The tasks of a run in the order of the file, unchanged ones included; of one state, or of all.</summary>
    Task<Page<TaskRun>> ListTasksAsync(
        RunId run, TaskState? state, int limit, string? cursor, CancellationToken cancellationToken);

    /// <summary>The tasks of a run in the order of the file, all of them at once: for whoever would read every page anyway.</summary>
    /// <param name="run">The run.</param>
    /// <param name="withUnchanged">Whether those are wanted too; of a large run they are nearly all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<IReadOnlyList<TaskRun>> ReadTasksAsync(RunId run, bool withUnchanged, CancellationToken cancellationToken);

    /// <summary>
    /// The events after a number, from the past and then as they come; ends after the event <c>end</c>, and at once where there is nothing more
    /// to come.
    /// </summary>
    IAsyncEnumerable<RunEvent> EventsAsync(RunId run, long after, CancellationToken cancellationToken);

    /// <summary>Takes an ended run over from the store, where the database has lost it; one that is there stays as it is.</summary>
    Task ImportAsync(EndedRun ended, CancellationToken cancellationToken);
}
