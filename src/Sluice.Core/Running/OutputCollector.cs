using System.Collections.Immutable;
using System.IO.Enumeration;
using Sluice.Core.Jobs;
using Sluice.Core.Results;

namespace Sluice.Core.Running;

/// <summary>Takes what a task left in its folders into the store.</summary>
internal sealed class OutputCollector(IBlobStore blobs, TaskFolder folder)
{
    /// <summary>More files than this in one folder are a mistake, and would not fit a record.</summary>
    private const int MaxFiles = 1_000_000;

    /// <summary>Every file of every declared output; or what is wrong with them, for a person.</summary>
    public async Task<(ImmutableArray<StoredFile> Files, string? Error)> CollectOutputsAsync(
        JobTask task, CancellationToken cancellationToken)
    {
        var missing = task.Outputs.Where(output => !IsThere(output)).Select(output => $"'{output}'").ToList();
        if (missing.Count > 0)
        {
            return ([], $"did not write its declared output {string.Join(", ", missing)} below $DATA_OUTPUT_PATH");
        }

        var found = ImmutableArray.CreateBuilder<StoredFile>();
        foreach (var output in task.Outputs)
        {
            var path = Path.Combine(folder.Data, output.Path.Value);
            foreach (var file in output.IsFolder ? FilesBelow(path) : [path])
            {
                var (stored, error) = await TakeAsync(file, folder.Data, cancellationToken);
                if (error is not null)
                {
                    return ([], error);
                }

                found.Add(stored!);
            }
        }

        found.Sort((left, right) => left.Path.CompareTo(right.Path));
        return (found.DrainToImmutable(), null);
    }

    /// <summary>Every file below a folder of the task's own; what is no file there is left out, and named.</summary>
    public async Task<(ImmutableArray<StoredFile> Files, ImmutableArray<string> LeftOut)> CollectFreelyAsync(
        string below, CancellationToken cancellationToken)
    {
        var files = ImmutableArray.CreateBuilder<StoredFile>();
        var leftOut = ImmutableArray.CreateBuilder<string>();
        foreach (var file in Directory.Exists(below) ? FilesBelow(below) : [])
        {
            var (stored, error) = await TakeAsync(file, below, cancellationToken);
            if (error is null)
            {
                files.Add(stored!);
            }
            else
            {
                leftOut.Add(error);
            }
        }

        files.Sort((left, right) => left.Path.CompareTo(right.Path));
        return (files.DrainToImmutable(), leftOut.DrainToImmutable());
    }

    /// <summary>Files in the data folder that are neither input nor output, relative to it.</summary>
    public IReadOnlyList<string> FindUndeclared(TaskWork work)
    {
        var inputs = work.Inputs.Select(file => file.Path).ToHashSet();
        return
        [
            .. FilesBelow(folder.Data)
                .Select(path => Path.GetRelativePath(folder.Data, path))
                .Where(path => RepoPath.Check(path, out var checkedPath) is not null
                    || !(inputs.Contains(checkedPath) || work.Task.Task.Outputs.Any(output => output.Covers(checkedPath))))
                .Order(StringComparer.Ordinal),
        ];
    }

    private bool IsThere(DataPath output)
    {
        var path = Path.Combine(folder.Data, output.Path.Value);
        return output.IsFolder ? Directory.Exists(path) : Path.Exists(path) && !Directory.Exists(path);
    }

    // A link to a folder is not walked into, so that a loop ends; it is then told as what it is.
    private static IEnumerable<string> FilesBelow(string root) => Directory.Exists(root)
        ? new FileSystemEnumerable<string>(root, (ref entry) => entry.ToFullPath(), Everything)
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory || IsLink(ref entry),
            ShouldRecursePredicate = (ref entry) => !IsLink(ref entry),
        }
        .Take(MaxFiles)
        : [];

    private static EnumerationOptions Everything => new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = false,
    };

    private static bool IsLink(ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) != 0;

    private async Task<(StoredFile? File, string? Error)> TakeAsync(string path, string below, CancellationToken cancellationToken)
    {
        var name = Path.GetRelativePath(below, path);
        if (RepoPath.Check(name, out var relative) is { } wrong)
        {
            return (null, $"wrote a file whose name {wrong}");
        }

        var isLink = new FileInfo(path).LinkTarget is not null;
        var target = isLink ? LinkTarget.Resolve(path, within: folder.Work) : path;
        if (target is null)
        {
            return (null, $"wrote '{name}' as a symbolic link that leads out of its working folder or nowhere");
        }

        if (Directory.Exists(target))
        {
            return (null, $"wrote '{name}' as a folder where a file was declared");
        }

        var isExecutable = (File.GetUnixFileMode(target) & UnixFileMode.UserExecute) != 0;
        return await blobs.TakeFileAsync(target, keep: isLink, cancellationToken) is { } content
            ? (new StoredFile(relative, content, isExecutable), null)
            : (null, $"wrote '{name}', which is not a regular file");
    }
}
