using Sluice.Core.Jobs;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Core.Results;

/// <summary>Who made a result, when and how.</summary>
public sealed record Provenance
{
    /// <summary>The run that made it.</summary>
    public required RunId Run { get; init; }

    /// <summary>The task's name in that run.</summary>
    public required TaskName Task { get; init; }

    /// <summary>The commit of that run.</summary>
    public required CommitId Commit { get; init; }

    /// <summary>The engine that ran it.</summary>
    public required string Engine { get; init; }

    /// <summary>When its command began; for an adopted result, when it was adopted.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When its outputs were in the store.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>Taken from files committed to the repository, not computed.</summary>
    public bool IsAdopted { get; init; }
}
