using System.Collections.Immutable;
using Sluice.Core.Jobs;

namespace Sluice.Core.Running;

/// <summary>What came of executing a stored task again.</summary>
/// <param name="Task">The task.</param>
/// <param name="Error">Why it failed this time; null when it succeeded.</param>
/// <param name="Differing">Outputs that are not what is stored; empty when it gave the same bytes.</param>
public sealed record RerunReport(TaskName Task, string? Error, ImmutableArray<RepoPath> Differing)
{
    /// <summary>Whether it gave the same bytes again.</summary>
    public bool IsSame => Error is null && Differing.IsEmpty;
}
