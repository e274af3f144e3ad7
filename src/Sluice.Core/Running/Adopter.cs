using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>
/// Takes outputs that are committed to the repository as their tasks' results, for a job without a stored commit (contract, "Committed
/// outputs"): all outputs of the task are committed, nothing in its fingerprint changed in git after them, and its upstream is adopted too.
/// </summary>
public sealed class Adopter(RevisionContents contents, IManifestReader reader, TimeProvider time)
{
    private static readonly RepoPath ManifestPath = RepoPath.Trusted(Manifest.FileName);

    /// <summary>The results to adopt, dependencies first; nothing is stored but the contents.</summary>
    public async Task<ImmutableArray<TaskResult>> FindAsync(
        LoadedJob loaded, IJobStore store, FieldBuilder fields, RunId run, string engine, CancellationToken cancellationToken)
    {
        var job = loaded.Job;
        var candidates = Candidates(loaded);
        if (candidates.Count == 0)
        {
            return [];
        }

        var paths = candidates.SelectMany(pair => pair.Value.Concat(FilesOf(job.Tasks[pair.Key])))
            .Select(file => file.Path)
            .Append(ManifestPath)
            .Concat(job.ParamsFile is { } file ? [file.Path] : [])
            .ToHashSet();
        var changes = await loaded.Repository.LastChangesAsync(loaded.Revision.Commit, paths, cancellationToken);
        var known = await contents.ReadAsync(
            loaded.Repository, store.Blobs, [.. candidates.Values.SelectMany(files => files)], cancellationToken);
        await RevisionContents.EnsureStoredAsync(
            loaded.Repository,
            store.Blobs,
            candidates.Values.SelectMany(files => files).Select(file => (file, known[file.BlobId])),
            cancellationToken);
        var outputs = new Dictionary<int, ImmutableArray<StoredFile>>();
        var adopted = ImmutableArray.CreateBuilder<TaskResult>();
        foreach (var index in job.Order.Where(candidates.ContainsKey))
        {
            var task = job.Tasks[index];
            if (task.Upstream.All(outputs.ContainsKey) && await IsUntouchedAsync(task, candidates[index]))
            {
                var made = candidates[index]
                    .Select(file => new StoredFile(file.Path.RelativeTo(job.DataFolder), known[file.BlobId], file.IsExecutable))
                    .ToImmutableArray();
                outputs.Add(index, made);
                adopted.Add(ResultOf(task, made));
            }
        }

        return adopted.DrainToImmutable();

        async Task<bool> IsUntouchedAsync(ResolvedTask task, IReadOnlyList<RevisionFile> files)
        {
            var oldest = files.Select(file => changes.GetValueOrDefault(file.Path)).MaxBy(change => change?.Distance ?? -1);
            return oldest is not null
                && FilesOf(task).All(file => (changes.GetValueOrDefault(file.Path)?.Distance ?? int.MaxValue) >= oldest.Distance)
                && await WasDeclaredSoAsync(loaded, task, oldest.Commit, changes, oldest.Distance, cancellationToken);
        }

        TaskResult ResultOf(ResolvedTask task, ImmutableArray<StoredFile> made)
        {
            var own = fields.FieldsOf(task, index => outputs.TryGetValue(index, out var files) ? files : null, ImmutableDictionary<string, string>.Empty);
            return new TaskResult
            {
                Fingerprint = Fingerprint.Of(own.AsSpan()),
                Fields = own,
                Files = new ResultFiles { Outputs = made },
                Provenance = new Provenance
                {
                    Run = run,
                    Task = task.Task.Name,
                    Commit = loaded.Revision.Commit,
                    Engine = engine,
                    StartedAt = time.GetUtcNow(),
                    FinishedAt = time.GetUtcNow(),
                    IsAdopted = true,
                },
            };
        }
    }

    // Tasks all of whose outputs are committed, with the committed files.
    private static Dictionary<int, IReadOnlyList<RevisionFile>> Candidates(LoadedJob loaded)
    {
        var candidates = new Dictionary<int, IReadOnlyList<RevisionFile>>();
        foreach (var task in loaded.Job.Tasks.Where(task => task.Task is { IsEffect: false, IsCacheable: true }))
        {
            var files = task.Task.Outputs.Select(output => CommittedFiles(loaded, output)).ToList();
            if (files.All(found => found.Count > 0 && found.All(file => file.IsReadable)))
            {
                candidates.Add(task.Index, [.. files.SelectMany(found => found).OrderBy(file => file.Path)]);
            }
        }

        return candidates;
    }

    private static List<RevisionFile> CommittedFiles(LoadedJob loaded, DataPath output)
    {
        var path = output.Path.In(loaded.Job.DataFolder);
        return output.IsFolder
            ? [.. loaded.Revision.Below(path)]
            : loaded.Revision.Find(path) is { } file ? [file] : [];
    }

    private static IEnumerable<RevisionFile> FilesOf(ResolvedTask task) => task.Code.Files
        .Concat(task.EnvironmentFiles.Files)
        .Concat(task.Script is { } script ? [script] : [])
        .Concat(task.Inputs.SelectMany(input => input.Sources));

    // The command, the variables and the like live in dependencies.yaml: compared with what it said when the outputs were committed.
    private async Task<bool> WasDeclaredSoAsync(
        LoadedJob loaded,
        ResolvedTask task,
        CommitId then,
        IReadOnlyDictionary<RepoPath, PathChange> changes,
        int distance,
        CancellationToken cancellationToken)
    {
        var isSameManifest = (changes.GetValueOrDefault(ManifestPath)?.Distance ?? int.MaxValue) >= distance;
        var isSameParams = task.Task.Params.IsEmpty
            || (changes.GetValueOrDefault(loaded.Job.ParamsFile!.Path)?.Distance ?? int.MaxValue) >= distance;
        if (isSameManifest || !isSameParams)
        {
            return isSameParams;
        }

        var revision = await loaded.Repository.ReadRevisionAsync(then, cancellationToken);
        if (revision.Find(ManifestPath) is not { IsReadable: true } file
            || await loaded.Repository.ReadSmallAsync(file, Manifest.MaxBytes, cancellationToken) is not { } bytes)
        {
            return false;
        }

        try
        {
            var before = reader.Read(bytes).Tasks.FirstOrDefault(known => known.Name == task.Task.Name);
            return before is not null && IsSame(before, task.Task);
        }
        catch (BrokenRepositoryException)
        {
            // What could not be read then cannot have said the same.
            return false;
        }
    }

    private static bool IsSame(JobTask before, JobTask now) =>
        before.Command.Argv.SequenceEqual(now.Command.Argv)
        && before.Variables.SequenceEqual(now.Variables)
        && before.Params.Order().SequenceEqual(now.Params.Order())
        && before.Inputs.Order().SequenceEqual(now.Inputs.Order())
        && before.Outputs.Order().SequenceEqual(now.Outputs.Order());
}
