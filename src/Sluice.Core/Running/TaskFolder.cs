using Sluice.Core.Jobs;
using Sluice.Core.Results;

namespace Sluice.Core.Running;

/// <summary>The folders that one attempt of a task sees. Made anew for each attempt, and taken away after it.</summary>
internal sealed class TaskFolder(string root)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Executable =
        ReadOnly | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly List<(string Path, DateTime Written, long Size)> _inputs = [];
    private readonly HashSet<string> _made = [];

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
        Delete();
        foreach (var folder in new[] { Work, Data, Logs, Metadata, Home, Temporary })
        {
            Directory.CreateDirectory(folder, Private);
        }

        foreach (var file in work.Code)
        {
            await StageAsync(work.Blobs, file, Work, cancellationToken);
        }

        foreach (var file in work.Inputs)
        {
            var path = await StageAsync(work.Blobs, file, Data, cancellationToken);
            var info = new FileInfo(path);
            _inputs.Add((path, info.LastWriteTimeUtc, info.Length));
        }

        if (work.Parameters is { } parameters)
        {
            await File.WriteAllTextAsync(Path.Combine(Work, "params.yaml"), parameters, cancellationToken);
        }

        foreach (var output in work.Task.Task.Outputs)
        {
            var path = Path.Combine(Data, output.Path.Value);
            MakeFolder(output.IsFolder ? path : Path.GetDirectoryName(path)!);
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

    /// <summary>Takes everything away, whatever rights the task left on it.</summary>
    public void Delete()
    {
        try
        {
            if (Directory.Exists(root))
            {
                Directory.Delete(root, recursive: true);
            }
        }
        catch (UnauthorizedAccessException)
        {
            // A folder without rights of its own cannot be emptied; its owner may give them back.
            Unlock(new DirectoryInfo(root));
            Directory.Delete(root, recursive: true);
        }
    }

    private static void Unlock(DirectoryInfo folder)
    {
        folder.UnixFileMode = Private;
        foreach (var child in folder.EnumerateDirectories().Where(child => child.LinkTarget is null))
        {
            Unlock(child);
        }
    }

    private async Task<string> StageAsync(IBlobStore blobs, StoredFile file, string below, CancellationToken cancellationToken)
    {
        var path = Path.Combine(below, file.Path.Value);
        MakeFolder(Path.GetDirectoryName(path)!);
        await blobs.StageAsync(file.Content, path, file.IsExecutable ? Executable : ReadOnly, cancellationToken);
        return path;
    }

    private void MakeFolder(string path)
    {
        if (_made.Add(path))
        {
            Directory.CreateDirectory(path, Private);
        }
    }
}
