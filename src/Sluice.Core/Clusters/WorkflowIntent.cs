using System.Collections.Immutable;

namespace Sluice.Core.Clusters;

/// <summary>That a workflow is about to be handed over: written down first, so that whoever takes the run up finds it again.</summary>
/// <param name="Number">Which of the run's workflows, from 1.</param>
/// <param name="Tasks">The indexes of its tasks.</param>
public sealed record WorkflowIntent(int Number, ImmutableArray<int> Tasks)
{
    /// <summary>The version of this record's form.</summary>
    public int Schema { get; init; } = 1;
}
