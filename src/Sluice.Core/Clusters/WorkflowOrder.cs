using Sluice.Core.Jobs;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Core.Clusters;

/// <summary>One workflow to run: some tasks of a job, as far as they fit.</summary>
public sealed record WorkflowOrder
{
    /// <summary>Its name, which is never used twice.</summary>
    public required string Name { get; init; }

    /// <summary>The run.</summary>
    public required RunId Run { get; init; }

    /// <summary>The commit.</summary>
    public required CommitId Commit { get; init; }

    /// <summary>The graph.</summary>
    public required ResolvedJob Job { get; init; }

    /// <summary>The indexes of its tasks.</summary>
    public required IReadOnlySet<int> Tasks { get; init; }

    /// <summary>Whether the first failure ends it.</summary>
    public bool FailFast { get; init; }

    /// <summary>Most pods at once; null leaves it to the configuration.</summary>
    public int? Parallelism { get; init; }

    /// <summary>What runs for an image as it is written in the job.</summary>
    public required IReadOnlyDictionary<string, string> Images { get; init; }

    /// <summary>
    /// The name of a run's workflow: it follows from the run, so that it is found again. Job names are cut to 30 characters.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="job">The job.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="number">Which of the run's workflows, from 1.</param>
    public static string NameOf(RunId run, JobName job, CommitId commit, int number)
    {
        var name = job.Value.Replace('_', '-');
        var first = $"sluice-{name[..Math.Min(30, name.Length)].TrimEnd('-')}-{commit.Short}-{run.Value[^8..]}";
        return number == 1 ? first : $"{first}-{number}";
    }
}
