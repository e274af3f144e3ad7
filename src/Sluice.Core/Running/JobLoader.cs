using Sluice.Core.Builds;
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

    private readonly JobSource _source = new(reader, memo);
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
        var (job, parameters) = await _source.ReadAsync(name, repository, revision, cancellationToken);
        var known = await contents.ReadAsync(repository, blobs, job.FilesThatCount(), cancellationToken);
        var loaded = new LoadedJob
        {
            Repository = repository,
            Revision = revision,
            Job = job,
            Contents = known,
            Parameters = parameters,
            Warnings = engine.UsesImages ? await BuildWarnings.FindAsync(repository, revision, job, cancellationToken) : [],
            Fields = new FieldBuilder(job.DataFolder, known, parameters, engine.Environment, engine.UsesImages),
        };
        Keep(name, url, loaded);
        return loaded;
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
