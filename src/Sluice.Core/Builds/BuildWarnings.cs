using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Revisions;

namespace Sluice.Core.Builds;

/// <summary>
/// Says where fingerprints do not see what an image holds that was built for the commit: its name stands for it, and the code and the environment
/// files for what it holds. See docs/design/images.md.
/// </summary>
internal sealed class BuildWarnings
{
    // A path held against a pattern: together a second or two.
    private const int MaxChecks = 5_000_000;

    private const int MaxTold = 20;

    private const int MaxFiles = 10;

    private readonly Revision _revision;
    private readonly List<ResolvedTask> _tasks;
    private int _checks;

    private BuildWarnings(Revision revision, List<ResolvedTask> tasks) => (_revision, _tasks) = (revision, tasks);

    /// <summary>Looks into the Dockerfiles of the tasks that run in images built for the commit; empty where there are none.</summary>
    public static async Task<ImmutableArray<string>> FindAsync(
        IRepository repository, Revision revision, ResolvedJob job, CancellationToken cancellationToken)
    {
        var tasks = job.Tasks.Where(task => TaskImage.BuiltOf(task.Task, revision.Commit) is not null).ToList();
        var files = new Dictionary<RepoPath, BuildFile?>();
        var all = tasks.Select(task => task.EnvironmentFiles).Distinct().SelectMany(set => BuildFile.Of(set, revision)).DistinctBy(file => file.Path).ToList();
        foreach (var file in all.Take(MaxFiles))
        {
            files.Add(file.Path, await BuildFile.ReadAsync(repository, revision, file, cancellationToken));
        }

        var warnings = new BuildWarnings(revision, tasks);
        return
        [
            .. files.SelectMany(pair => warnings.Unnamed(job, pair.Key, pair.Value)),
            .. all.Skip(MaxFiles).Take(1).Select(file => $"{file.Path} and further Dockerfiles are not looked into: only the first {MaxFiles} of a job are"),
            .. warnings.Unchecked(files),
        ];
    }

    // What the build reads and no fingerprint names: a change there runs nothing.
    private IEnumerable<string> Unnamed(ResolvedJob job, RepoPath path, BuildFile? file)
    {
        var named = ResolvedJob.FilesOf(job.Tasks, job.ManifestFile).Select(it => it.Path).ToHashSet();
        if (!named.Contains(path))
        {
            yield return $"{path} builds images of this job and is no environment file: a change there runs nothing; list it in environment_files";
        }

        if (file is null)
        {
            yield return $"{path} or its .dockerignore is too large to look into: whether the build reads what nothing names is not known";
            yield break;
        }

        // The parameters that count are known by their values, and committed copies of outputs by their tasks.
        var known = job.Copies.Concat(job.ParamsFile is { } parameters ? [parameters.Path] : []).ToHashSet();
        var unnamed = _revision.Files.Where(it => it.IsReadable && !named.Contains(it.Path) && !known.Contains(it.Path)).ToList();
        foreach (var read in file.Reads.Take(MaxTold))
        {
            if (read.Pattern is not { } pattern)
            {
                yield return $"{path}:{read.Line} {read.Verb} '{read.Shown}', which only the build knows: see that environment_files or code name it";
            }
            else if (Taken(file, pattern, unnamed).ToList() is { Count: > 0 } taken)
            {
                yield return $"{path}:{read.Line} {read.Verb} {Named(taken)}, which no environment file or code names: a change there runs nothing; "
                    + "list it in environment_files, or keep it out of the image";
            }
        }

        if (_checks > MaxChecks || file.Reads.Length > MaxTold)
        {
            yield return $"{path} takes too much from the repository to look at all of it: see that environment_files or code name what it reads";
        }
    }

    // Contract, "What a task sees": an image that holds code cannot be kept from showing it.
    private IEnumerable<string> Unchecked(Dictionary<RepoPath, BuildFile?> files)
    {
        var why = _tasks.Select(task => task.EnvironmentFiles).Distinct().ToDictionary(set => set, set => WhyUnchecked(set, files));
        var tasks = _tasks.Where(task => why[task.EnvironmentFiles] is not null).ToList();
        if (tasks.Count > 0)
        {
            yield return $"unchecked_closure: what {tasks[0].Task.Name}{(tasks.Count > 1 ? $" and {tasks.Count - 1} more" : "")} "
                + $"may read in the image without declaring it is not noticed: {why[tasks[0].EnvironmentFiles]}";
        }
    }

    // Null where the image has nothing of the repository but environment files.
    private string? WhyUnchecked(FileSet environmentFiles, Dictionary<RepoPath, BuildFile?> files)
    {
        var built = BuildFile.Of(environmentFiles, _revision);
        if (built.IsEmpty)
        {
            return "it is built for the commit, and no Dockerfile here says from what";
        }

        var declared = environmentFiles.Files.Select(file => file.Path).ToHashSet();
        foreach (var path in built.Select(file => file.Path))
        {
            if (files.GetValueOrDefault(path) is not { } file)
            {
                return $"{path} is too large to look into";
            }

            var others = _revision.Files.Where(it => !declared.Contains(it.Path));
            if (file.Reads.Take(MaxTold).FirstOrDefault(read => read.Pattern is not { } pattern || Taken(file, pattern, others).Any()) is { } read)
            {
                return $"{path}:{read.Line} {read.Verb} '{read.Shown}'";
            }

            if (file.Reads.Length > MaxTold)
            {
                return $"{path} takes too much to look at all of it";
            }
        }

        return _checks > MaxChecks ? "its Dockerfile takes too much to look at all of it" : null;
    }

    private IEnumerable<RevisionFile> Taken(BuildFile file, ContextPattern pattern, IEnumerable<RevisionFile> among)
    {
        foreach (var candidate in among)
        {
            if (++_checks > MaxChecks)
            {
                yield break;
            }

            if (pattern.IsMatch(candidate.Path))
            {
                _checks += file.Ignore.Length;
                if (!file.Ignore.Ignores(candidate.Path))
                {
                    yield return candidate;
                }
            }
        }
    }

    // What has a dot before its name says least.
    private static string Named(List<RevisionFile> files)
    {
        var first = files.OrderBy(file => file.Path.Value.StartsWith('.')).Take(2).Select(file => file.Path.Value).ToList();
        return files.Count > first.Count ? $"{string.Join(", ", first)} and {files.Count - first.Count} more" : string.Join(" and ", first);
    }
}
