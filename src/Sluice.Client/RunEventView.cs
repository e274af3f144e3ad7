namespace Sluice.Client;

/// <summary>One server-sent event of a run.</summary>
/// <param name="Id">Its number within the run, from 1.</param>
/// <param name="Type"><c>run</c>, <c>task</c> or <c>end</c>.</param>
/// <param name="Run">The run without its tasks, for <c>run</c> and <c>end</c>.</param>
/// <param name="Task">The task, for <c>task</c>.</param>
public sealed record RunEventView(long Id, string Type, RunView? Run, TaskView? Task);
