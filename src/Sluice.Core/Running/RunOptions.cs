using System.Collections.Immutable;
using Sluice.Core.Jobs;

namespace Sluice.Core.Running;

/// <summary>How a run was asked to go about its work.</summary>
public sealed record RunOptions
{
    /// <summary>Whether committed outputs may be adopted for a job without a stored commit.</summary>
    public bool Adopt { get; init; }

    /// <summary>Tasks to compute anew whatever is stored.</summary>
    public ImmutableArray<TaskName> Force { get; init; } = [];

    /// <summary>Whether images are looked at again that are named without a tag: what runs in one that has moved is computed anew.</summary>
    public bool LooksAgain { get; init; }

    /// <summary>Whether the first failure stops everything.</summary>
    public bool FailFast { get; init; }

    /// <summary>Tasks or outputs to restrict the run to, with all they need; empty means the whole job. A restricted run publishes nothing.</summary>
    public ImmutableArray<string> Targets { get; init; } = [];

    /// <summary>Most tasks at once; null is the service's setting.</summary>
    public int? Parallelism { get; init; }
}
