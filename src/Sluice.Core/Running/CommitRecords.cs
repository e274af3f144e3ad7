using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Results;

namespace Sluice.Core.Running;

/// <summary>Writes down what a succeeded run stores for its commit.</summary>
internal static class CommitRecords
{
    /// <summary>The record.</summary>
    /// <param name="planned">The plan that was carried out, of the whole job.</param>
    /// <param name="run">The run.</param>
    /// <param name="results">What stands for each task, in the order of the file.</param>
    /// <param name="built">The digests of images that were built for the commit.</param>
    /// <param name="now">The time of storing.</param>
    public static CommitRecord Of(
        PlannedRun planned, Run run, IEnumerable<RecordedTask> results, ImmutableSortedDictionary<string, Digest> built, DateTimeOffset now)
    {
        var job = planned.Job;
        var scripts = job.Tasks.Select(task => task.Script).OfType<Revisions.RevisionFile>().DistinctBy(file => file.Path);
        var sources = job.Tasks.SelectMany(task => task.Inputs).SelectMany(input => input.Sources).DistinctBy(file => file.Path);
        return new CommitRecord
        {
            Job = run.Job,
            Commit = run.Commit,
            CommitDate = planned.Revision.CommitDate,
            Run = run.Id,
            StoredAt = now,
            Manifest = planned.Contents[job.ManifestFile.BlobId],
            Code = Sorted(scripts.Select(file => planned.Fields.Stored(file, BelowCode(job, file.Path)))),
            Sources = Sorted(sources.Select(file => planned.Fields.Stored(file, file.Path.RelativeTo(job.DataFolder)))),
            Tasks = [.. results],
            Images = (planned.Plan.Baseline is { } own && own.Commit == run.Commit ? own.Record.Images.SetItems(built) : built).SetItems(planned.Images),
        };
    }

    private static RepoPath BelowCode(ResolvedJob job, RepoPath path) =>
        path.IsBelow(job.CodeFolder) ? path.RelativeTo(job.CodeFolder) : path;

    private static ImmutableArray<StoredFile> Sorted(IEnumerable<StoredFile> files) => [.. files.OrderBy(file => file.Path)];
}
