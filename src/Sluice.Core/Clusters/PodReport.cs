using System.Text.Json.Serialization;
using Sluice.Core.Results;

namespace Sluice.Core.Clusters;

/// <summary>What a pod says of an attempt that did not succeed.</summary>
public sealed record PodReport
{
    /// <summary>The most letters of an error: every attempt is kept with its run.</summary>
    public const int MaxErrorLength = 32 * 1024;

    /// <summary>The version of this record's form.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The task's index.</summary>
    public required int Task { get; init; }

    /// <summary>The pod.</summary>
    public required string Pod { get; init; }

    /// <summary>When the command began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it had ended.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>The command's status; null where it never started or was killed.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Why it failed, for a person.</summary>
    public required string Error { get; init; }

    /// <summary>The command's output, in the run's own area; null where there is none.</summary>
    public BlobInfo? Log { get; init; }

    /// <summary>A content that the task needs, and that was lost or damaged: it says nothing of the task.</summary>
    public BlobInfo? Damaged { get; init; }

    /// <summary>Whether nothing was left out of it: whoever has the pods' credential may have written it.</summary>
    [JsonIgnore]
    public bool IsWellFormed => Pod is not null && Error is { Length: <= MaxErrorLength } && Log is not { IsWellFormed: false } && Damaged is not { IsWellFormed: false };
}
