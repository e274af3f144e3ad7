using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>Reads the two YAML files of a job at a revision and binds them to its files; every mistake is told at once.</summary>
internal sealed class JobSource(IManifestReader reader, IRevisionMemo memo)
{
    private static readonly IReadOnlyDictionary<string, string> NoValues = ImmutableDictionary<string, string>.Empty;

    /// <summary>The graph, and the values of <c>params.yaml</c> by dotted key where a task lists some.</summary>
    /// <exception cref="BrokenRepositoryException">The repository has mistakes; names them all.</exception>
    public async Task<(ResolvedJob Job, IReadOnlyDictionary<string, string> Parameters)> ReadAsync(
        JobName name, IRepository repository, Revision revision, CancellationToken cancellationToken)
    {
        var file = revision.Find(RepoPath.Trusted(Manifest.FileName))
            ?? throw Broken(Manifest.FileName, "The repository has no such file at its root.", "Add one that names the tasks.");
        if (!file.IsReadable)
        {
            throw Broken(Manifest.FileName, "It is not a regular file.", "Make it a file of this repository.");
        }

        var known = await memo.FindManifestAsync(file.BlobId, cancellationToken);
        if (known is not null)
        {
            var (job, values, mistakes) = await BindAsync(new ManifestReading { Manifest = known });
            if (mistakes.IsEmpty)
            {
                return (job, values);
            }
        }

        // A manifest that is known from before does not know the places of its mistakes: only the file does.
        var reading = reader.Examine(await ReadSmallAsync(repository, file, cancellationToken));
        if (known is null && reading.Mistakes.IsEmpty)
        {
            await memo.SaveManifestAsync(file.BlobId, reading.Manifest, cancellationToken);
        }

        var bound = await BindAsync(reading);
        return bound.Mistakes.IsEmpty ? (bound.Job, bound.Values) : throw BrokenRepositoryException.Of(bound.Mistakes);

        async Task<(ResolvedJob Job, IReadOnlyDictionary<string, string> Values, ImmutableArray<Mistake> Mistakes)> BindAsync(ManifestReading reading)
        {
            var (job, mistakes) = JobResolver.Examine(name, reading, file, revision);
            if (job.ParamsFile is not { } paramsFile)
            {
                return (job, NoValues, mistakes);
            }

            try
            {
                var values = reader.ReadParams(await ReadSmallAsync(repository, paramsFile, cancellationToken));
                return (job, values, [.. mistakes, .. UnknownKeys(reading, values)]);
            }
            catch (BrokenRepositoryException broken)
            {
                return (job, NoValues, [.. mistakes, .. broken.Mistakes]);
            }
        }
    }

    private static ImmutableArray<Mistake> UnknownKeys(ManifestReading reading, IReadOnlyDictionary<string, string> values)
    {
        var mistakes = new JobMistakes(reading);
        foreach (var task in reading.Manifest.Tasks)
        {
            foreach (var key in task.Params.Where(key => !values.ContainsKey(key)))
            {
                mistakes.Report(
                    task,
                    "params",
                    key,
                    $"params.yaml has no key '{key}'.",
                    key.Contains('.', StringComparison.Ordinal)
                        ? "Add it there, or take it from the task's params. A dot leads into a mapping; a key with a dot of its own cannot be listed."
                        : "Add it there, or take it from the task's params.");
            }
        }

        return mistakes.All;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadSmallAsync(
        IRepository repository, RevisionFile file, CancellationToken cancellationToken) =>
        await repository.ReadSmallAsync(file, Manifest.MaxBytes, cancellationToken)
        ?? throw Broken(file.Path.Value, $"It is larger than {Manifest.MaxBytes / (1024 * 1024)} MiB.", "Make it smaller, or split the job.");

    private static BrokenRepositoryException Broken(string file, string problem, string advice) => new([new Mistake(file, 0, 0, problem, advice)]);
}
