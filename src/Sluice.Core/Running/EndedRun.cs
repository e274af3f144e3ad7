namespace Sluice.Core.Running;

/// <summary>What is kept of an ended run in the store (<c>.sluice/runs/&lt;id&gt;.json</c>): enough to rebuild the database.</summary>
/// <param name="Run">The run.</param>
/// <param name="Tasks">Its tasks in the order of the file, unchanged ones included.</param>
public sealed record EndedRun(Run Run, IReadOnlyList<TaskRun> Tasks);
