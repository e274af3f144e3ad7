namespace Sluice.Core.Running;

/// <summary>Carries plans out: here, command by command, or as workflows of a cluster.</summary>
public interface IExecutions
{
    /// <summary>Gets a plan ready to be carried out.</summary>
    /// <param name="planned">The plan; the files of its revision that it needs are in the store.</param>
    /// <param name="run">The run.</param>
    /// <param name="progress">Takes what happens.</param>
    IExecution Begin(PlannedRun planned, Run run, RunProgress progress);

    /// <summary>Takes away what a run that has ended, or will be tried again, has left on this machine.</summary>
    void CleanUp(RunId run);
}
