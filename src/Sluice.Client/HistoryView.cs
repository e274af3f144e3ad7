namespace Sluice.Client;

/// <summary>One content that a file has had.</summary>
/// <param name="Digest"><c>sha256:…</c>.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Commits">The commits that have it, oldest stored first.</param>
/// <param name="Run">The run that produced it; null for a source.</param>
/// <param name="Task">The task that produced it; null for a source.</param>
/// <param name="At">When it was stored.</param>
public sealed record HistoryView(
    string Digest, long Size, IReadOnlyList<string> Commits, string? Run, string? Task, DateTimeOffset At);
