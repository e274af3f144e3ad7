using System.Collections.Immutable;

namespace Sluice.Core.Planning;

/// <summary>What would run and why.</summary>
/// <param name="Baseline">What the revision is compared with, if anything.</param>
/// <param name="Tasks">The tasks asked for, in the order of the file.</param>
public sealed record Plan(Baseline? Baseline, ImmutableArray<PlannedTask> Tasks)
{
    /// <summary>Whether any command will or may run.</summary>
    public bool HasWork => Tasks.Any(task => task.WillOrMayRun);
}
