namespace Sluice.Core.Running;

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">Its status; 128 + the signal's number when a signal ended it; null when it never started.</param>
/// <param name="Error">Null when it ended with 0; else why it counts as failed, for a person.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When its process tree had ended.</param>
public sealed record CommandOutcome(int? ExitCode, string? Error, DateTimeOffset StartedAt, DateTimeOffset FinishedAt);
