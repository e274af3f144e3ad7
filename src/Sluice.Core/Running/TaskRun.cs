using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>What was planned for a task in a run, and what became of it.</summary>
public sealed record TaskRun
{
    /// <summary>The task.</summary>
    public required TaskName Name { get; init; }

    /// <summary>Its place in the order of the file, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The prediction.</summary>
    public required PlannedState Planned { get; init; }

    /// <summary>What became of it.</summary>
    public TaskState State { get; init; }

    /// <summary>Why it ran or may run.</summary>
    public ImmutableArray<Reason> Reasons { get; init; } = [];

    /// <summary>Known once all its inputs are.</summary>
    public Fingerprint? Fingerprint { get; init; }

    /// <summary>The run that made the result that stands for it.</summary>
    public RunId? ResultRun { get; init; }

    /// <summary>The commit of that run.</summary>
    public CommitId? ResultCommit { get; init; }

    /// <summary>The last attempt's status.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Why it failed, for a person.</summary>
    public string? Error { get; init; }

    /// <summary>When its inputs were ready.</summary>
    public DateTimeOffset? QueuedAt { get; init; }

    /// <summary>When its first attempt began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it was decided.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Every try, the first one first.</summary>
    public ImmutableArray<TaskAttempt> Attempts { get; init; } = [];

    /// <summary>Whether it is decided.</summary>
    [JsonIgnore]
    public bool IsEnded => State is not (TaskState.Pending or TaskState.Running);
}
