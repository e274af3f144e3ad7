namespace Sluice.Core.Running;

/// <summary>One change of a run, numbered from 1 without gaps.</summary>
/// <param name="Id">Its number within the run.</param>
/// <param name="Run">The run as it was then, for a <c>run</c> or <c>end</c> event.</param>
/// <param name="Task">The task as it was then, for a <c>task</c> event.</param>
public sealed record RunEvent(long Id, Run? Run, TaskRun? Task)
{
    /// <summary>The name on the wire: <c>run</c>, <c>task</c> or <c>end</c>.</summary>
    public string Type => Task is not null ? "task" : Run!.IsEnded ? "end" : "run";
}
