using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>
/// Makes a baseline of a commit that the original service stored (contract, section 3, <c>imported</c>): the fingerprints are those of the commit in
/// git, the outputs are the files that it left. Tasks without all of their outputs, or behind such, are not part of it.
/// </summary>
public sealed class Importer(JobLoader loader, TimeProvider time)
{
    /// <summary>The baseline; null where the commit's job cannot be read from git any more.</summary>
    /// <param name="space">The job's space.</param>
    /// <param name="url">Its repository.</param>
    /// <param name="commit">A commit of <see cref="IJobStore.ListImportedAsync"/>.</param>
    /// <param name="run">The run that the plan is for: what it takes over is its doing.</param>
    /// <param name="engine">The engine of that run.</param>
    /// <param name="images">The digests of images: one that was written the same then is taken for the same.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<ImportedCommit?> FindAsync(
        IJobStore space,
        RepositoryUrl url,
        CommitId commit,
        RunId run,
        string engine,
        ImmutableSortedDictionary<string, Digest> images,
        CancellationToken cancellationToken)
    {
        LoadedJob loaded;
        try
        {
            loaded = (await loader.LoadAsync(space.Job, url, commit, space.Blobs, cancellationToken)).With(images);
        }
        catch (SluiceException exception) when (exception.Kind == FaultKind.Unprocessable)
        {
            // Git has it no more, or its manifest is not what is read today: it cannot be compared with.
            return null;
        }

        var data = (await space.ImportAsync(commit, cancellationToken)).ToDictionary(file => file.Path);
        var made = new Dictionary<int, TaskResult>();
        foreach (var task in loaded.Job.Order.Select(index => loaded.Job.Tasks[index]).Where(task => task.Task.IsCacheable))
        {
            if (task.Upstream.All(made.ContainsKey) && OutputsOf(task.Task, data) is { } outputs)
            {
                var fields = loaded.Fields.FieldsOf(task, index => made[index].Files.Outputs, ImmutableDictionary<string, string>.Empty);
                made.Add(task.Index, AdoptedResult.Of(task.Task, fields, outputs, commit, run, engine, time.GetUtcNow()));
            }
        }

        return new ImportedCommit(RecordOf(loaded, run, made), [.. made.Values], loaded.Fields.Listings);
    }

    private static ImmutableArray<StoredFile>? OutputsOf(JobTask task, Dictionary<RepoPath, StoredFile> data)
    {
        var files = task.Outputs.Select(FilesOf).ToList();
        return files.TrueForAll(found => found.Count > 0) ? [.. files.SelectMany(found => found).OrderBy(file => file.Path)] : null;

        List<StoredFile> FilesOf(DataPath output) => output.IsFolder
            ? [.. data.Values.Where(file => output.Covers(file.Path))]
            : data.TryGetValue(output.Path, out var file) ? [file] : [];
    }

    private static CommitRecord RecordOf(LoadedJob loaded, RunId run, Dictionary<int, TaskResult> made) => new()
    {
        Job = loaded.Job.Name,
        Commit = loaded.Revision.Commit,
        CommitDate = loaded.Revision.CommitDate,
        Run = run,
        StoredAt = loaded.Revision.CommitDate,
        Manifest = loaded.Contents[loaded.Job.ManifestFile.BlobId],
        Tasks = [.. made.OrderBy(pair => pair.Key).Select(pair => RecordedTask.Of(loaded.Job.Tasks[pair.Key].Task.Name, pair.Value))],
    };
}
