using System.Collections.Immutable;
using Sluice.Core.Results;

namespace Sluice.Core.Running;

/// <summary>How a task's execution ended: with files, or with an error that is the task's own.</summary>
public sealed record TaskOutcome
{
    /// <summary>What it left; null when it failed.</summary>
    public ResultFiles? Files { get; init; }

    /// <summary>Why it failed, for a person; null when it succeeded.</summary>
    public string? Error { get; init; }

    /// <summary>What a person should know although it succeeded.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Every try.</summary>
    public ImmutableArray<TaskAttempt> Attempts { get; init; } = [];
}
