using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>A plan with all that is needed to carry it out.</summary>
public sealed record PlannedRun
{
    /// <summary>Where the commit comes from.</summary>
    public required IRepository Repository { get; init; }

    /// <summary>The commit with its files.</summary>
    public required Revision Revision { get; init; }

    /// <summary>The graph.</summary>
    public required ResolvedJob Job { get; init; }

    /// <summary>The job's space in the store.</summary>
    public required IJobStore Store { get; init; }

    /// <summary>What would run and why.</summary>
    public required Plan Plan { get; init; }

    /// <summary>Writes the fields of tasks whose inputs become known later.</summary>
    public required FieldBuilder Fields { get; init; }

    /// <summary>Says whether a stored result may stand for a task.</summary>
    public required ReusePolicy Reuse { get; init; }

    /// <summary>Says what differs.</summary>
    public required PlanExplainer Explainer { get; init; }

    /// <summary>The contents of the revision's files by git's blob id, as far as they count.</summary>
    public required IReadOnlyDictionary<string, BlobInfo> Contents { get; init; }

    /// <summary>The values of <c>params.yaml</c> by dotted key, as YAML.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>The digests of images that were looked up, by the image as it is written.</summary>
    public ImmutableSortedDictionary<string, Digest> Images { get; init; } = ImmutableSortedDictionary<string, Digest>.Empty;

    /// <summary>Results taken from committed files, by task, to be kept when the run begins.</summary>
    public ImmutableArray<TaskResult> Adopted { get; init; } = [];

    /// <summary>What a person should know although it is no error.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>The files of the revision that carrying it out needs: all where the commit is published, else those of the tasks that may run.</summary>
    public IEnumerable<(RevisionFile File, BlobInfo Content)> NeededFiles =>
        (IsWhole ? Job.FilesThatCount() : ResolvedJob.FilesOf(Plan.Tasks.Where(task => task.WillOrMayRun).Select(task => task.Task)))
        .Select(file => (file, Contents[file.BlobId]));

    /// <summary>Whether every task of the job is part of the plan, so that the commit can be published.</summary>
    public bool IsWhole => Plan.Tasks.Length == Job.Tasks.Length;

    /// <summary>The files of the job that a task does not declare, by name.</summary>
    public IEnumerable<string> UndeclaredBy(ResolvedTask task)
    {
        var seen = task.Code.Files.Concat(task.EnvironmentFiles.Files).Concat(task.Script is { } script ? [script] : [])
            .Concat(task.Inputs.SelectMany(input => input.Sources))
            .Select(file => file.Path.Value)
            .ToHashSet();
        var made = Job.Tasks.SelectMany(other => other.Task.Outputs)
            .Where(output => !output.IsFolder && !task.Task.Inputs.Any(input => input.Covers(output.Path)))
            .Select(output => output.Path.In(Job.DataFolder).Value);
        return Revision.Files.Select(file => file.Path.Value).Concat(made).Where(path => !seen.Contains(path));
    }
}
