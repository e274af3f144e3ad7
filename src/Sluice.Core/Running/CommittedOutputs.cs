using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>The tasks of a job at a commit all of whose outputs are committed, with those outputs.</summary>
internal sealed class CommittedOutputs
{
    private readonly LoadedJob _loaded;
    private readonly Dictionary<int, IReadOnlyList<RevisionFile>> _files;
    private readonly IReadOnlyDictionary<string, BlobInfo> _contents;
    private readonly Dictionary<TaskName, ResolvedTask> _tasks;

    private CommittedOutputs(
        LoadedJob loaded, Dictionary<int, IReadOnlyList<RevisionFile>> files, IReadOnlyDictionary<string, BlobInfo> contents) =>
        (_loaded, _files, _contents, _tasks) = (loaded, files, contents, loaded.Job.Tasks.ToDictionary(task => task.Task.Name));

    /// <summary>Every committed output.</summary>
    public IEnumerable<RevisionFile> All => _files.Values.SelectMany(files => files);

    /// <summary>Looks for them; contents that are not known are read.</summary>
    public static async Task<CommittedOutputs> ReadAsync(
        LoadedJob loaded, RevisionContents contents, IBlobStore blobs, CancellationToken cancellationToken)
    {
        var files = new Dictionary<int, IReadOnlyList<RevisionFile>>();
        foreach (var task in loaded.Job.Tasks.Where(task => task.Task is { IsEffect: false, IsCacheable: true }))
        {
            var outputs = task.Task.Outputs.Select(output => Below(loaded, output)).ToList();
            if (outputs.TrueForAll(found => found.Count > 0 && found.All(file => file.IsReadable)))
            {
                files.Add(task.Index, [.. outputs.SelectMany(found => found).OrderBy(file => file.Path)]);
            }
        }

        var known = await contents.ReadAsync(loaded.Repository, blobs, [.. files.Values.SelectMany(found => found)], cancellationToken);
        return new CommittedOutputs(loaded, files, known);
    }

    /// <summary>Puts those of some tasks into the store, where they are not there yet.</summary>
    public Task KeepAsync(IEnumerable<int> tasks, IBlobStore blobs, CancellationToken cancellationToken) => RevisionContents.EnsureStoredAsync(
        _loaded.Repository,
        blobs,
        tasks.SelectMany(index => _files[index]).Select(file => (file, _contents[file.BlobId])),
        cancellationToken);

    /// <summary>The committed files of a task's outputs; empty where some are not committed.</summary>
    public IReadOnlyList<RevisionFile> FilesOf(int task) => _files.GetValueOrDefault(task, []);

    /// <summary>The outputs of a task as a run would store them; null where some are not committed.</summary>
    public ImmutableArray<StoredFile>? Of(int task) => _files.TryGetValue(task, out var files)
        ? [.. files.Select(file => new StoredFile(file.Path.RelativeTo(_loaded.Job.DataFolder), _contents[file.BlobId], file.IsExecutable))]
        : null;

    /// <summary>What decides a task's bytes, with the committed outputs of its upstream.</summary>
    /// <returns>Null for a task whose upstream has outputs that are not committed, or that is not there.</returns>
    public ImmutableArray<FingerprintField>? FieldsOf(TaskName name) =>
        _tasks.TryGetValue(name, out var found) && found.Upstream.All(_files.ContainsKey)
            ? _loaded.Fields.FieldsOf(found, Of, ImmutableDictionary<string, string>.Empty)
            : null;

    /// <summary>Whether a file of the commit is the same, content and mode.</summary>
    public bool Has(RevisionFile file) => _loaded.Revision.Find(file.Path) is { } found && found.BlobId == file.BlobId && found.Kind == file.Kind;

    private static List<RevisionFile> Below(LoadedJob loaded, DataPath output)
    {
        var path = output.Path.In(loaded.Job.DataFolder);
        return output.IsFolder
            ? [.. loaded.Revision.Below(path)]
            : loaded.Revision.Find(path) is { } file ? [file] : [];
    }
}
