using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>
/// The variables that only tasks with <c>cache: false</c> see. Being part of their fingerprints, they make such a result the run's own: it is
/// found again by the same run after a crash, and by no other.
/// </summary>
public static class RunVariables
{
    private const string Prefix = "SLUICE_";

    /// <summary>Whether a variable is Sluice's own: no task can declare such a name.</summary>
    public static bool IsOwn(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The variables by name; empty for a cacheable task, whose result must not depend on them.</summary>
    public static IReadOnlyDictionary<string, string> Of(JobTask task, CommitId commit, RunId run) => task.IsCacheable
        ? ImmutableDictionary<string, string>.Empty
        : new Dictionary<string, string>
        {
            ["SLUICE_COMMIT"] = commit.Value,
            ["SLUICE_RUN"] = run.Value,
            ["SLUICE_TASK"] = task.Name.Value,
        };
}
