namespace Sluice.Client;

/// <summary>What is stored for a commit: every file with its digest, size, and who made it.</summary>
public sealed record CommitView
{
    /// <summary>The job.</summary>
    public string JobName { get; init; } = "";

    /// <summary>The commit.</summary>
    public string Commit { get; init; } = "";

    /// <summary>When it was committed.</summary>
    public DateTimeOffset CommitDate { get; init; }

    /// <summary>The run that stored it.</summary>
    public string Run { get; init; } = "";

    /// <summary>When it was stored.</summary>
    public DateTimeOffset StoredAt { get; init; }

    /// <summary>The files below <c>data/</c>, sorted by path.</summary>
    public IReadOnlyList<CommitFileView> Files { get; init; } = [];
}

/// <summary>One file of a stored commit.</summary>
/// <param name="Path">Relative to the data folder.</param>
/// <param name="Digest"><c>sha256:…</c>.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Run">The run that produced it; null for a source.</param>
/// <param name="Task">The task that produced it; null for a source.</param>
/// <param name="SourceCommit">The commit it was produced for; null for a source.</param>
/// <param name="Executable">Its executable bit.</param>
public sealed record CommitFileView(
    string Path, string Digest, long Size, string? Run, string? Task, string? SourceCommit, bool Executable = false);
