using System.Collections.Immutable;

namespace Sluice.Core.Jobs;

/// <summary>A <c>dependencies.yaml</c> that is right in itself; whether its files exist is the resolver's question.</summary>
public sealed record Manifest
{
    /// <summary>The name of the file, at the root of the repository.</summary>
    public const string FileName = "dependencies.yaml";

    /// <summary>The largest file, in bytes.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>The most tasks.</summary>
    public const int MaxTasks = 100_000;

    /// <summary>Settings of the whole job.</summary>
    public JobSettings Settings { get; init; } = new();

    /// <summary>The tasks in the order of the file; empty for a job that has none.</summary>
    public ImmutableArray<JobTask> Tasks { get; init; } = [];
}
