using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>Reads a job at a commit from git: files, manifest, graph, digests and parameters. Keeps the last few in memory.</summary>
public sealed class JobLoader(
    IRepositories repositories, IManifestReader reader, IRevisionMemo memo, RevisionContents contents, IEngine engine)
{
    /// <summary>How many loaded jobs are kept: a job of 10,000 tasks takes some 20 MB.</summary>
    private const int MaxKept = 4;

    private readonly Lock _lock = new();
    private readonly LinkedList<(JobName Name, string Identity, LoadedJob Job)> _kept = new();

    /// <summary>The job at a commit that has been resolved, and so is here.</summary>
    /// <exception cref="BrokenRepositoryException">The repository has mistakes; names them all.</exception>
    public async Task<LoadedJob> LoadAsync(
        JobName name, RepositoryUrl url, CommitId commit, IBlobStore blobs, CancellationToken cancellationToken)
    {
        if (Find(name, url, commit) is { } kept)
        {
            return kept;
        }

        var repository = await repositories.OpenAsync(url, cancellationToken);
        var revision = await repository.ReadRevisionAsync(commit, cancellationToken);
        var file = revision.Find(RepoPath.Trusted(Manifest.FileName)) ?? throw NoManifest();
        var manifest = await ReadManifestAsync(repository, file, cancellationToken);
        var job = JobResolver.Resolve(name, manifest, file, revision);
        var known = await contents.ReadAsync(repository, blobs, job.FilesThatCount(), cancellationToken);
        var parameters = await ReadParametersAsync(repository, job, cancellationToken);
        var loaded = new LoadedJob
        {
            Repository = repository,
            Revision = revision,
            Job = job,
            Contents = known,
            Parameters = parameters,
            Fields = new FieldBuilder(job, known, parameters, engine.Environment),
        };
        Keep(name, url, loaded);
        return loaded;
    }

    private static BrokenRepositoryException NoManifest() => new(
        [new Mistake(Manifest.FileName, 0, 0, "The repository has no such file at its root.", "Add one that names the tasks.")]);

    private async Task<Manifest> ReadManifestAsync(IRepository repository, RevisionFile file, CancellationToken cancellationToken)
    {
        if (!file.IsReadable)
        {
            throw new BrokenRepositoryException(
                [new Mistake(Manifest.FileName, 0, 0, "It is not a regular file.", "Make it a file of this repository.")]);
        }

        if (await memo.FindManifestAsync(file.BlobId, cancellationToken) is { } known)
        {
            return known;
        }

        var bytes = await ReadSmallAsync(repository, file, cancellationToken);
        var manifest = reader.Read(bytes);
        await memo.SaveManifestAsync(file.BlobId, manifest, cancellationToken);
        return manifest;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadSmallAsync(
        IRepository repository, RevisionFile file, CancellationToken cancellationToken) =>
        await repository.ReadSmallAsync(file, Manifest.MaxBytes, cancellationToken)
        ?? throw new BrokenRepositoryException(
        [
            new Mistake(
                file.Path.Value, 0, 0, $"It is larger than {Manifest.MaxBytes / (1024 * 1024)} MiB.", "Make it smaller, or split the job."),
        ]);

    private async Task<IReadOnlyDictionary<string, string>> ReadParametersAsync(
        IRepository repository, ResolvedJob job, CancellationToken cancellationToken)
    {
        var values = job.ParamsFile is { } file
            ? reader.ReadParams(await ReadSmallAsync(repository, file, cancellationToken))
            : ImmutableDictionary<string, string>.Empty;
        var mistakes = job.Tasks
            .SelectMany(task => task.Task.Params, (task, key) => (task.Task, key))
            .Where(pair => !values.ContainsKey(pair.key))
            .Select(pair => new Mistake(
                Manifest.FileName,
                pair.Task.Position.Line,
                pair.Task.Position.Column,
                $"Task '{pair.Task.Name}': params.yaml has no key '{pair.key}'.",
                "Add it there, or take it from the task's params."))
            .ToImmutableArray();
        return mistakes.IsEmpty ? values : throw new BrokenRepositoryException(mistakes);
    }

    private LoadedJob? Find(JobName name, RepositoryUrl url, CommitId commit)
    {
        lock (_lock)
        {
            return _kept.FirstOrDefault(kept =>
                kept.Job is { } job && job.Revision.Commit == commit && kept.Name == name && kept.Identity == url.Identity).Job;
        }
    }

    private void Keep(JobName name, RepositoryUrl url, LoadedJob job)
    {
        lock (_lock)
        {
            _kept.AddFirst((name, url.Identity, job));
            if (_kept.Count > MaxKept)
            {
                _kept.RemoveLast();
            }
        }
    }
}
