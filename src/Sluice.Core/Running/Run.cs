using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>One run without its tasks: the state of the work that one request asked for.</summary>
public sealed record Run
{
    /// <summary>Its id.</summary>
    public required RunId Id { get; init; }

    /// <summary>Whether images are looked at again.</summary>
    public RunKind Kind { get; init; }

    /// <summary>Who asked for it.</summary>
    public RunTrigger Trigger { get; init; }

    /// <summary>The job.</summary>
    [JsonPropertyName("job_name")]
    public required JobName Job { get; init; }

    /// <summary>The repository's address, without user info.</summary>
    [JsonPropertyName("job_url")]
    public required string Url { get; init; }

    /// <summary>The branch, tag or commit as asked for, or the default branch's name.</summary>
    public required string Ref { get; init; }

    /// <summary>What the ref led to.</summary>
    public required CommitId Commit { get; init; }

    /// <summary>The commit it was compared with; null before planning and where there is none.</summary>
    [JsonPropertyName("baseline_commit")]
    public CommitId? Baseline { get; init; }

    /// <summary>
    /// The digests of its images that were looked up, by the image as it is written; null where none was. They are looked up once: what a run began with it goes on with.
    /// </summary>
    public ImmutableSortedDictionary<string, Digest>? Images { get; init; }

    /// <summary>The engine.</summary>
    public required string Engine { get; init; }

    /// <summary>How it was asked to go about its work.</summary>
    public RunOptions Options { get; init; } = new();

    /// <summary>Where it stands.</summary>
    public RunStatus Status { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Why it failed, for a person.</summary>
    public string? Error { get; init; }

    /// <summary>Who has to act when it failed; null when a task did.</summary>
    public FaultKind? Fault { get; init; }

    /// <summary>What a person should know although it is no error.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>How many tasks are in each state; states without a task are missing.</summary>
    public ImmutableSortedDictionary<TaskState, int> Counts { get; init; } = ImmutableSortedDictionary<TaskState, int>.Empty;

    /// <summary>Whether it has ended.</summary>
    [JsonIgnore]
    public bool IsEnded => Status is RunStatus.Succeeded or RunStatus.Failed or RunStatus.Cancelled;
}
