namespace Sluice.Core.Running;

/// <summary>One try at a task's command.</summary>
/// <param name="StartedAt">When the command began.</param>
/// <param name="FinishedAt">When its process tree had ended; null while it runs.</param>
/// <param name="ExitCode">The command's status; null where it never started or was killed.</param>
/// <param name="Error">Why it failed, for a person; null when it succeeded.</param>
public sealed record TaskAttempt(DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, int? ExitCode, string? Error);
