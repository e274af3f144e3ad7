using System.Text;

namespace Sluice.Core.Running;

/// <summary>Looks at what a task left. Links are followed as long as they stay inside the folders of the attempt, and never out of them.</summary>
/// <param name="root">The folder around all folders of the attempt.</param>
/// <param name="seenAs">Where the command saw that.</param>
internal sealed class LeftFiles(string root, string seenAs)
{
    /// <summary>The longest path that the system takes, in bytes, less some room.</summary>
    private const int MaxPathBytes = 4000;

    /// <summary>What there is by a name: a file, the files below a folder, or what is wrong with it; nothing where there is nothing.</summary>
    /// <param name="below">A folder of the attempt.</param>
    /// <param name="name">A path relative to it; empty for the folder itself.</param>
    /// <param name="isFolder">Whether a folder is expected there.</param>
    public IEnumerable<LeftFile> At(string below, string name, bool isFolder)
    {
        var path = Path.Combine(below, name);
        if (!Path.Exists(path) && new FileInfo(path).LinkTarget is null)
        {
            return [];
        }

        var entry = Resolve(path, name.Length > 0 ? name : Path.GetFileName(below), isOwn: true) with { Name = name };
        return (entry.Error, isFolder, Directory.Exists(entry.Path)) switch
        {
            (not null, _, _) => [entry],
            (_, true, false) => [entry with { Error = $"wrote '{name}' as a file where a folder was declared" }],
            (_, false, true) => [entry with { Error = $"wrote '{name}' as a folder where a file was declared" }],
            (_, true, true) => Below(new Folder(entry.Path, name, entry.IsOwn, null)),
            _ => [entry],
        };
    }

    // Depth first with a stack of its own: a task may nest folders as deep as it likes.
    private IEnumerable<LeftFile> Below(Folder first)
    {
        var waiting = new Stack<Folder>([first]);
        while (waiting.TryPop(out var folder))
        {
            var (entries, error) = List(folder);
            if (error is not null)
            {
                yield return new LeftFile(folder.Name, folder.Path, folder.IsOwn, error);
            }

            foreach (var entry in entries)
            {
                var name = folder.Name.Length == 0 ? entry.Name : $"{folder.Name}/{entry.Name}";
                var found = entry.LinkTarget is null
                    ? new LeftFile(name, entry.FullName, folder.IsOwn, ErrorOf(entry, name))
                    : Resolve(entry.FullName, name, folder.IsOwn);
                if (found.Error is not null || !Directory.Exists(found.Path))
                {
                    yield return found;
                }
                else if (folder.IsInside(found.Path))
                {
                    yield return found with { Error = $"wrote '{name}' as a symbolic link to a folder around it" };
                }
                else
                {
                    waiting.Push(new Folder(found.Path, name, found.IsOwn, folder));
                }
            }
        }
    }

    private static (IReadOnlyList<FileSystemInfo> Entries, string? Error) List(Folder folder)
    {
        try
        {
            return ([.. new DirectoryInfo(folder.Path).EnumerateFileSystemInfos("*", Everything)], null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ([], $"wrote the folder '{Brief(folder.Name)}', which cannot be looked into: {exception.Message}");
        }
    }

    private LeftFile Resolve(string path, string name, bool isOwn) => LinkTarget.Resolve(path, root, seenAs) switch
    {
        null => new LeftFile(name, path, false, $"wrote '{name}' as a symbolic link that leads out of its working folder or nowhere"),
        var real => new LeftFile(name, real, isOwn && real == path),
    };

    // What .NET cannot put into a text it cannot find either.
    private static string? ErrorOf(FileSystemInfo entry, string name) =>
        Encoding.UTF8.GetByteCount(entry.FullName) > MaxPathBytes ? $"wrote '{Brief(name)}' at a path of more than {MaxPathBytes} bytes"
        : entry.Name.Contains('\uFFFD', StringComparison.Ordinal) && !Path.Exists(entry.FullName) ? $"wrote '{name}', whose name is not UTF-8"
        : null;

    private static string Brief(string name) => name.Length > 80 ? name[..80] + "…" : name;

    private static EnumerationOptions Everything => new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    private sealed record Folder(string Path, string Name, bool IsOwn, Folder? Above)
    {
        public bool IsInside(string other)
        {
            for (var folder = this; folder is not null; folder = folder.Above)
            {
                if (folder.Path == other || folder.Path.StartsWith(other + "/", StringComparison.Ordinal))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
