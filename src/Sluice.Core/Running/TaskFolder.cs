using Sluice.Core.Jobs;
using Sluice.Core.Results;

namespace Sluice.Core.Running;

/// <summary>
/// The folders that one attempt of a task sees. Files live for one attempt; folders are kept for the next task that needs the same, since a file
/// system takes its time to give an inode out again (ext4: five seconds, in which it searches past it).
/// </summary>
/// <param name="root">The folder around all of them.</param>
/// <param name="seenAs">Where the command sees that; null is where it is.</param>
internal sealed class TaskFolder(string root, string? seenAs = null)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Executable =
        ReadOnly | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly List<(string Path, DateTime Written, long Size)> _inputs = [];

    /// <summary>The folder around all of them.</summary>
    public string Root => root;

    /// <summary>The same folders as the command sees them.</summary>
    public TaskFolder Seen => seenAs is null ? this : new TaskFolder(seenAs);

    /// <summary>Where the command starts.</summary>
    public string Work { get; } = Path.Combine(root, "work");

    /// <summary>Inputs and outputs.</summary>
    public string Data { get; } = Path.Combine(root, "work", "data");

    /// <summary>LOGS_OUTPUT_PATH.</summary>
    public string Logs { get; } = Path.Combine(root, "logs");

    /// <summary>METADATA_OUTPUT_PATH.</summary>
    public string Metadata { get; } = Path.Combine(root, "metadata");

    /// <summary>HOME.</summary>
    public string Home { get; } = Path.Combine(root, "home");

    /// <summary>TMPDIR.</summary>
    public string Temporary { get; } = Path.Combine(root, "tmp");

    /// <summary>Puts everything that the task declared into place, and nothing else.</summary>
    /// <exception cref="DamagedContentException">A content of the store is missing or damaged.</exception>
    public async Task StageAsync(TaskWork work, CancellationToken cancellationToken)
    {
        _inputs.Clear();
        MakeFolders(work);
        foreach (var file in work.Code)
        {
            await StageAsync(work.Contents, file, Path.Combine(Work, file.Path.Value), cancellationToken);
        }

        foreach (var file in work.Inputs)
        {
            var path = Path.Combine(Data, file.Path.Value);
            await StageAsync(work.Contents, file, path, cancellationToken);
            var info = new FileInfo(path);
            _inputs.Add((path, info.LastWriteTimeUtc, info.Length));
        }

        if (work.Parameters is { } parameters)
        {
            await File.WriteAllTextAsync(Path.Combine(Work, "params.yaml"), parameters, cancellationToken);
        }
    }

    /// <summary>An input that the task deleted or changed, relative to the data folder; null when it kept its hands off.</summary>
    public string? FindTouchedInput()
    {
        foreach (var (path, written, size) in _inputs)
        {
            var info = new FileInfo(path);
            if (!info.Exists || info.LinkTarget is not null || info.Length != size || info.LastWriteTimeUtc != written)
            {
                return Path.GetRelativePath(Data, path);
            }
        }

        return null;
    }

    /// <summary>Takes every file away, whatever the task left.</summary>
    /// <returns>Whether nothing is left, so that another task can have the folder.</returns>
    public bool TryEmpty() => TryEmptyFolders() || Trees.TryRemove(root);

    private static bool IsFolder(string path) => new DirectoryInfo(path) is { Exists: true, LinkTarget: null };

    private bool TryEmptyFolders()
    {
        try
        {
            var waiting = new Stack<DirectoryInfo>(IsFolder(root) ? [new DirectoryInfo(root)] : []);
            while (waiting.TryPop(out var folder))
            {
                if (folder.UnixFileMode != Private)
                {
                    folder.UnixFileMode = Private;
                }

                foreach (var entry in folder.EnumerateFileSystemInfos())
                {
                    // .NET does not find again what it could not put into a text.
                    if (entry.Name.Contains('\uFFFD', StringComparison.Ordinal))
                    {
                        return false;
                    }

                    if (entry is DirectoryInfo { LinkTarget: null } below)
                    {
                        waiting.Push(below);
                    }
                    else
                    {
                        entry.Delete();
                    }
                }
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    private static async Task StageAsync(ITaskContents contents, StoredFile file, string path, CancellationToken cancellationToken) =>
        await contents.StageAsync(file.Content, path, file.IsExecutable ? Executable : ReadOnly, cancellationToken);

    // Exactly the folders that this task needs: what another one left goes, what is missing comes. A folder output is the task's own to make.
    private void MakeFolders(TaskWork work)
    {
        if (!TryEmpty())
        {
            throw new IOException($"The work folder '{root}' cannot be emptied.");
        }

        var wanted = new HashSet<string> { Work, Data, Logs, Metadata, Home, Temporary };
        foreach (var path in work.Code.Select(file => Path.Combine(Work, file.Path.Value))
            .Concat(work.Inputs.Select(file => Path.Combine(Data, file.Path.Value)))
            .Concat(work.Task.Inputs.Where(input => input.Declared.IsFolder).Select(input => Path.Combine(Data, input.Declared.Path.Value, "file")))
            .Concat(work.Task.Task.Outputs.Select(output => Path.Combine(Data, output.Path.Value))))
        {
            for (var folder = Path.GetDirectoryName(path)!; wanted.Add(folder); folder = Path.GetDirectoryName(folder)!)
            {
            }
        }

        if (IsFolder(root))
        {
            foreach (var folder in Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories).OrderByDescending(path => path.Length).ToList())
            {
                if (!wanted.Remove(folder))
                {
                    Directory.Delete(folder);
                }
            }
        }

        foreach (var folder in wanted.OrderBy(path => path.Length))
        {
            Directory.CreateDirectory(folder, Private);
        }
    }
}
