using Sluice.Core.Revisions;

namespace Sluice.Core.Results;

/// <summary>What a gc keeps.</summary>
public sealed record GcOptions
{
    /// <summary>How many of the newest stored commits are kept; null keeps all that nothing else rules out.</summary>
    public int? KeepCommits { get; init; }

    /// <summary>Commits that are kept in any case: those that a branch or a tag names.</summary>
    public IReadOnlySet<CommitId> KeepAlways { get; init; } = new HashSet<CommitId>();

    /// <summary>Only commits stored longer ago than this are given up.</summary>
    public TimeSpan OlderThan { get; init; } = TimeSpan.Zero;

    /// <summary>Contents and results that nothing kept needs stay this long: longer than any run.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Only tell.</summary>
    public bool IsDryRun { get; init; } = true;
}
