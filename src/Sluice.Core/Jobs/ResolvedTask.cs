using System.Collections.Immutable;
using Sluice.Core.Revisions;

namespace Sluice.Core.Jobs;

/// <summary>A task with every file of the revision that it depends on, and its neighbours in the graph.</summary>
public sealed record ResolvedTask
{
    /// <summary>What the author declared.</summary>
    public required JobTask Task { get; init; }

    /// <summary>Its place in the order of the file, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Its script; null for a task that has only <c>code</c>.</summary>
    public RevisionFile? Script { get; init; }

    /// <summary>The code it may import, without its own script.</summary>
    public FileSet Code { get; init; } = FileSet.Empty;

    /// <summary>The files that decide its environment.</summary>
    public FileSet EnvironmentFiles { get; init; } = FileSet.Empty;

    /// <summary>Its inputs, sorted as declared paths compare.</summary>
    public ImmutableArray<ResolvedInput> Inputs { get; init; } = [];

    /// <summary>The tasks it waits for: indexes, sorted, each once.</summary>
    public ImmutableArray<int> Upstream { get; init; } = [];

    /// <summary>The tasks that wait for it: indexes, sorted, each once.</summary>
    public ImmutableArray<int> Downstream { get; init; } = [];
}
