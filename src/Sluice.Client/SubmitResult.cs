namespace Sluice.Client;

/// <summary>What became of a request for a run.</summary>
/// <param name="Run">The run: a new one, the one that was joined, or the stored one.</param>
/// <param name="IsStored">Nothing has to run for this commit; the run is the stored one.</param>
public sealed record SubmitResult(RunView Run, bool IsStored);
