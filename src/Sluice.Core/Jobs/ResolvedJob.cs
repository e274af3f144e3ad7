using System.Collections.Immutable;
using Sluice.Core.Revisions;

namespace Sluice.Core.Jobs;

/// <summary>A manifest bound to the files of one revision: the graph that is planned and run.</summary>
public sealed record ResolvedJob
{
    /// <summary>The job's name, which decides the default code folder.</summary>
    public required JobName Name { get; init; }

    /// <summary>The manifest.</summary>
    public required Manifest Manifest { get; init; }

    /// <summary>The file it was read from.</summary>
    public required RevisionFile ManifestFile { get; init; }

    /// <summary>The folder of the code.</summary>
    public required RepoPath CodeFolder { get; init; }

    /// <summary>The tasks in the order of the file; an index elsewhere is an index into this.</summary>
    public required ImmutableArray<ResolvedTask> Tasks { get; init; }

    /// <summary>The indexes, dependencies first; among equals in the order of the file.</summary>
    public required ImmutableArray<int> Order { get; init; }

    /// <summary><c>params.yaml</c>, where a task declares params.</summary>
    public RevisionFile? ParamsFile { get; init; }

    /// <summary>Committed copies of outputs, by their path in the repository: they are no sources.</summary>
    public ImmutableArray<RepoPath> Copies { get; init; } = [];

    /// <summary>The folder of the data.</summary>
    public RepoPath DataFolder => Manifest.Settings.DataFolder;

    /// <summary>Every file of the revision that decides a result, or that is published; some more than once.</summary>
    public IReadOnlyCollection<RevisionFile> FilesThatCount() => FilesOf(Tasks, ManifestFile);

    /// <summary>The files of the revision that some tasks see; some more than once.</summary>
    public static IReadOnlyCollection<RevisionFile> FilesOf(IEnumerable<ResolvedTask> tasks, params ReadOnlySpan<RevisionFile> more)
    {
        var files = new HashSet<RevisionFile>(ReferenceEqualityComparer.Instance);
        var sets = new HashSet<FileSet>(ReferenceEqualityComparer.Instance);
        foreach (var file in more)
        {
            files.Add(file);
        }

        foreach (var task in tasks)
        {
            sets.Add(task.Code);
            sets.Add(task.EnvironmentFiles);
            if (task.Script is not null)
            {
                files.Add(task.Script);
            }

            foreach (var input in task.Inputs)
            {
                files.UnionWith(input.Sources);
            }
        }

        files.UnionWith(sets.SelectMany(set => set.Files));
        return files;
    }
}
