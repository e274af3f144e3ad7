namespace Sluice.Core.Running;

/// <summary>Carries plans out: here, command by command, or as workflows of a cluster.</summary>
public interface IExecutions
{
    /// <summary>Gets a plan ready to be carried out.</summary>
    /// <param name="planned">The plan; the files of its revision that it needs are in the store.</param>
    /// <param name="run">The run.</param>
    /// <param name="progress">Takes what happens.</param>
    IExecution Begin(PlannedRun planned, Run run, RunProgress progress);

    /// <summary>Stops what goes on elsewhere of a run that has ended before its plan was carried out; what cannot be stopped ends by itself.</summary>
    Task AbandonAsync(Run run);

    /// <summary>The output of a task that runs somewhere else.</summary>
    /// <param name="run">A run that goes on.</param>
    /// <param name="task">The task's index.</param>
    /// <param name="follow">Whether to go on until the task has ended.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Null where there is none, or it is a file of this machine.</returns>
    Task<Stream?> OpenLogAsync(RunId run, int task, bool follow, CancellationToken cancellationToken);
}
