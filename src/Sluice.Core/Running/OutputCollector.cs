using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Results;

namespace Sluice.Core.Running;

/// <summary>Takes what a task left in its folders into the store.</summary>
internal sealed class OutputCollector(ITaskContents contents, TaskFolder folder)
{
    /// <summary>More files than this in one result are a mistake, and would not fit a record.</summary>
    private const int MaxFiles = 1_000_000;

    /// <summary>Many files at once are put into a store that is not on this machine.</summary>
    private const int AtOnce = 8;

    private readonly LeftFiles _left = new(folder.Root, folder.Seen.Root);

    /// <summary>Every declared output, with logs and metadata; or what is wrong with the outputs, for a person.</summary>
    /// <returns>What could not be taken of logs and metadata is left out, and named.</returns>
    public async Task<(ResultFiles? Files, string? Error, ImmutableArray<string> LeftOut)> CollectAsync(
        JobTask task, CancellationToken cancellationToken)
    {
        var declared = task.Outputs.Select(output => (Output: output, Found: Look(folder.Data, output.Path.Value, output.IsFolder))).ToList();
        var missing = declared.Where(pair => pair.Found.Count == 0 && !IsEmptyFolder(pair.Output)).Select(pair => $"'{pair.Output}'").ToList();
        if (missing.Count > 0)
        {
            return (null, $"did not write its declared output {string.Join(", ", missing)} below $DATA_OUTPUT_PATH", []);
        }

        List<LeftFile> outputs = [.. declared.SelectMany(pair => pair.Found)];
        var (logs, metadata) = (Look(folder.Logs, "", isFolder: true), Look(folder.Metadata, "", isFolder: true));
        if (outputs.Count > MaxFiles || logs.Count > MaxFiles || metadata.Count > MaxFiles)
        {
            return (null, $"left more than {MaxFiles:N0} files; put them into an archive", []);
        }

        var taken = new ConcurrentDictionary<LeftFile, (StoredFile? File, string? Error)>(ReferenceEqualityComparer.Instance);

        // Copies first: what a link leads to may be taken itself, and moves into the store then.
        foreach (var part in outputs.Concat(logs).Concat(metadata).GroupBy(file => file.IsOwn).OrderBy(part => part.Key))
        {
            // Most tasks leave few files, and then there is nothing to gain.
            await Parallel.ForEachAsync(
                part,
                new ParallelOptions { MaxDegreeOfParallelism = outputs.Count > AtOnce ? AtOnce : 1, CancellationToken = cancellationToken },
                async (file, token) => taken[file] = await TakeAsync(file, token));
        }

        return outputs.Select(file => taken[file].Error).FirstOrDefault(wrong => wrong is not null) is { } error
            ? (null, error, [])
            : (new ResultFiles { Outputs = Of(outputs), Logs = Of(logs), Metadata = Of(metadata) }, null, [.. taken.Values.Select(it => it.Error).OfType<string>()]);

        ImmutableArray<StoredFile> Of(List<LeftFile> files) =>
            [.. files.Select(file => taken[file].File).OfType<StoredFile>().OrderBy(file => file.Path)];
    }

    /// <summary>Files in the data folder that are neither input nor output, relative to it.</summary>
    public IReadOnlyList<string> FindUndeclared(TaskWork work)
    {
        var declared = work.Inputs.Select(file => file.Path)
            .Concat(work.Task.Task.Outputs.Where(output => !output.IsFolder).Select(output => output.Path))
            .ToHashSet();
        var folders = work.Task.Task.Outputs.Where(output => output.IsFolder).ToList();
        return
        [
            .. Look(folder.Data, "", isFolder: true)
                .Select(file => file.Name)
                .Where(name => RepoPath.Check(name, out var known) is not null
                    || !(declared.Contains(known) || folders.Exists(output => output.Path == known || output.Covers(known))))
                .Order(StringComparer.Ordinal),
        ];
    }

    private List<LeftFile> Look(string below, string name, bool isFolder) => [.. _left.At(below, name, isFolder).Take(MaxFiles + 1)];

    private bool IsEmptyFolder(DataPath output) => output.IsFolder && Directory.Exists(Path.Combine(folder.Data, output.Path.Value));

    private async Task<(StoredFile? File, string? Error)> TakeAsync(LeftFile file, CancellationToken cancellationToken)
    {
        if (file.Error is not null)
        {
            return (null, file.Error);
        }

        if (RepoPath.Check(file.Name, out var name) is { } wrong)
        {
            return (null, $"wrote a file whose name {wrong}");
        }

        var isExecutable = (File.GetUnixFileMode(file.Path) & UnixFileMode.UserExecute) != 0;
        return await contents.TakeFileAsync(file.Path, keep: !file.IsOwn, cancellationToken) is { } content
            ? (new StoredFile(name, content, isExecutable), null)
            : (null, $"wrote '{file.Name}', which is not a regular file");
    }
}
