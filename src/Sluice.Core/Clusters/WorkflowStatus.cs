using System.Collections.Immutable;

namespace Sluice.Core.Clusters;

/// <summary>What is known of a workflow at one moment. States may be skipped: a task that was waiting may be at its end in the next one.</summary>
public sealed record WorkflowStatus
{
    /// <summary>Whether nothing more happens in it.</summary>
    public required bool IsEnded { get; init; }

    /// <summary>Whether it is not there (any more): somebody has deleted it, or its time after the end was over.</summary>
    public bool IsGone { get; init; }

    /// <summary>What is wrong with it as a whole, in words; null where that is said of its tasks, or nothing is wrong.</summary>
    public string? Error { get; init; }

    /// <summary>What is known of its tasks; one that nothing is known of yet is left out.</summary>
    public ImmutableArray<PodStatus> Tasks { get; init; } = [];
}

/// <summary>What is known of one task of a workflow.</summary>
public sealed record PodStatus
{
    /// <summary>The task's index.</summary>
    public required int Task { get; init; }

    /// <summary>Where it stands.</summary>
    public required PodState State { get; init; }

    /// <summary>Why it does not begin, in words; for a pod that waits for something that may still come.</summary>
    public string? Trouble { get; init; }

    /// <summary>Every pod so far, the first one first.</summary>
    public ImmutableArray<PodAttempt> Attempts { get; init; } = [];
}

/// <summary>Where a task of a workflow stands.</summary>
public enum PodState
{
    /// <summary>Its pod has not begun.</summary>
    Waiting,

    /// <summary>Its pod runs.</summary>
    Running,

    /// <summary>The executor ended with 0.</summary>
    Succeeded,

    /// <summary>Its last pod failed.</summary>
    Failed,

    /// <summary>It was never begun, since what it depends on did not succeed or the workflow was stopped.</summary>
    Skipped,
}

/// <summary>One pod of a task.</summary>
/// <param name="Pod">A text that ends one pod's name and no other's.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it ended; null while it runs.</param>
/// <param name="ExitCode">How it ended, where it got that far.</param>
/// <param name="Error">Why it failed, in words for a person; null where it did not.</param>
/// <param name="IsOutside">Whether that says nothing of the task: no image, no room, no answer of the store.</param>
public sealed record PodAttempt(
    string Pod, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, int? ExitCode, string? Error, bool IsOutside);
