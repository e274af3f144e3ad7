using System.Collections.Immutable;

namespace Sluice.Core.Jobs;

/// <summary>One node of a job: a command, the files it reads and the files it writes.</summary>
/// <remarks>
/// A task is what the author declared; a <see cref="Running.TaskRun"/> is what happened. Two tasks are "the
/// same work" when their fingerprints match, never because they compare equal: the lists below
/// compare by reference. The job's defaults are already applied.
/// </remarks>
public sealed record JobTask
{
    /// <summary>The key in <c>dependencies.yaml</c>.</summary>
    public required TaskName Name { get; init; }

    /// <summary>What runs.</summary>
    public required TaskCommand Command { get; init; }

    /// <summary>Image as written; checked and resolved by the engines that use one.</summary>
    public string? Image { get; init; }

    /// <summary>Whether the image's digest counts; null leaves it to the image's form (contract, "Images").</summary>
    public bool? TrackImage { get; init; }

    /// <summary>What the task reads, relative to the data folder.</summary>
    public ImmutableArray<DataPath> Inputs { get; init; } = [];

    /// <summary>What the task writes, relative to the data folder.</summary>
    public ImmutableArray<DataPath> Outputs { get; init; } = [];

    /// <summary>The declared script, relative to the code folder; null means the task's name, where such a file exists.</summary>
    public RepoPath? Script { get; init; }

    /// <summary>Globs that replace the job's <see cref="JobSettings.Shared"/>; null where the task has no such field.</summary>
    public ImmutableArray<string>? Code { get; init; }

    /// <summary>Globs that replace the job's environment files; null where the task has no such field.</summary>
    public ImmutableArray<string>? EnvironmentFiles { get; init; }

    /// <summary>Declared variables, sorted by name.</summary>
    public ImmutableSortedDictionary<string, string> Variables { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Dotted keys of <c>params.yaml</c>, sorted.</summary>
    public ImmutableArray<string> Params { get; init; } = [];

    /// <summary>What the task asks of its machine.</summary>
    public TaskResources? Resources { get; init; }

    /// <summary>Longest time of one attempt's command; null is no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Further attempts after a failed one, 0 to 100.</summary>
    public int Retries { get; init; }

    /// <summary>False for a task that reads the outside world: it runs once in every run.</summary>
    public bool IsCacheable { get; init; } = true;

    /// <summary>Whether the task asks for the network, on engines that keep it away otherwise.</summary>
    public bool UsesNetwork { get; init; }

    /// <summary>Where the task's key stands.</summary>
    public SourcePosition Position { get; init; }

    /// <summary>A task without outputs works by its effect and is reused only from the baseline.</summary>
    public bool IsEffect => Outputs.IsEmpty;
}
