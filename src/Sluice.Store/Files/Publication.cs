using System.Globalization;
using Sluice.Core.Results;

namespace Sluice.Store.Files;

/// <summary>
/// The copy of a commit's results for people and other programs: whole or absent at first, later file by file with <c>run.json</c> last.
/// </summary>
internal sealed class Publication(SpaceLayout layout, FileStoreOptions options, UnflushedFiles unflushed)
{
    private const string RunFile = "run.json";
    private const string DateFile = "commit_date.txt";

    private const UnixFileMode Executable =
        UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Writes the copy of a record. Repeating it changes nothing.</summary>
    /// <exception cref="DamagedContentException">A content is missing from the store, or damaged.</exception>
    public void Publish(CommitRecord record, ReadOnlySpan<byte> runJson)
    {
        var final = layout.Copy(record.Commit);
        if (Directory.Exists(final))
        {
            Replace(record, final, runJson);
            return;
        }

        var temporary = layout.NewTemporary();
        try
        {
            WriteAll(record, temporary);
            File.WriteAllBytes(Path.Combine(temporary, RunFile), runJson);
            unflushed.Add(Path.Combine(temporary, RunFile));
            unflushed.Flush();
            Directory.Move(temporary, final);
            unflushed.AddFolder(layout.Root);
        }
        catch (IOException) when (Directory.Exists(final))
        {
            // Another run of this commit was quicker.
            Replace(record, final, runJson);
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    /// <summary>Writes those files of a copy anew that are not what the record says.</summary>
    /// <returns>Their names, and those that cannot be mended since their content is lost too.</returns>
    public (IReadOnlyList<string> Mended, IReadOnlyList<string> Lost) Mend(CommitRecord record)
    {
        var (mended, lost) = (new List<string>(), new List<string>());
        var root = layout.Copy(record.Commit);
        foreach (var (name, file) in Directory.Exists(root) ? FilesOf(record) : [])
        {
            var (path, content) = (Path.Combine(root, name), new FileInfo(layout.Content(file.Content.Digest)));
            if (NativeFiles.AreSame(path, content.FullName) || IsCopyOf(path, file.Content))
            {
                continue;
            }

            if (ContentSeal.Holds(content, file.Content))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                Put(path, target => LinkOrCopy(file, target));
                mended.Add(name);
            }
            else
            {
                lost.Add(name);
            }
        }

        return (mended, lost);
    }

    private static bool IsCopyOf(string path, BlobInfo content)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var stream = File.OpenRead(path);
        return stream.Length == content.Size && Digest.FromHash(System.Security.Cryptography.SHA256.HashData(stream)) == content.Digest;
    }

    private void Replace(CommitRecord record, string final, ReadOnlySpan<byte> runJson)
    {
        var wanted = WriteAll(record, final);
        wanted.Add(Path.Combine(final, RunFile));
        foreach (var path in Directory.EnumerateFiles(final, "*", SearchOption.AllDirectories).Where(path => !wanted.Contains(path)).ToList())
        {
            File.Delete(path);
        }

        foreach (var folder in Directory.EnumerateDirectories(final, "*", SearchOption.AllDirectories).OrderByDescending(path => path.Length).ToList())
        {
            if (!Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }

        unflushed.Flush();
        var temporary = layout.NewTemporary();
        File.WriteAllBytes(temporary, runJson);
        File.Move(temporary, Path.Combine(final, RunFile), overwrite: true);
        unflushed.Add(Path.Combine(final, RunFile));
    }

    private IEnumerable<(string Name, StoredFile File)> FilesOf(CommitRecord record)
    {
        yield return ("dependencies.yaml", new StoredFile(default, record.Manifest, false));
        foreach (var (below, files) in GroupsOf(record))
        {
            foreach (var file in files)
            {
                yield return ($"{below}/{file.Path}", file);
            }
        }
    }

    private IEnumerable<(string Below, IEnumerable<StoredFile> Files)> GroupsOf(CommitRecord record)
    {
        yield return ("code", record.Code);
        if (options.PublishData)
        {
            yield return ("data", record.Sources.Concat(record.Tasks.SelectMany(task => task.Files.Outputs)));
        }

        foreach (var task in record.Tasks)
        {
            yield return ($"logs/{task.Name}", task.Files.Logs);
            yield return ($"metadata/{task.Name}", task.Files.Metadata);
        }
    }

    private HashSet<string> WriteAll(CommitRecord record, string root)
    {
        var written = new HashSet<string>();
        var folders = new HashSet<string>();
        Write(DateFile, path => File.WriteAllText(path, record.CommitDate.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)));
        unflushed.Add(Path.Combine(root, DateFile));
        foreach (var (name, file) in FilesOf(record))
        {
            Write(name, path => LinkOrCopy(file, path));
        }

        folders.ToList().ForEach(unflushed.AddFolder);
        return written;

        void Write(string name, Action<string> make)
        {
            var path = Path.Combine(root, name);
            if (folders.Add(Path.GetDirectoryName(path)!))
            {
                MakeFolder(root, Path.GetDirectoryName(path)!);
            }

            Put(path, make);
            written.Add(path);
        }
    }

    // An earlier run of this commit may have written a file where a folder belongs now.
    private static void MakeFolder(string root, string folder)
    {
        for (var above = folder; above.Length > root.Length; above = Path.GetDirectoryName(above)!)
        {
            if (File.Exists(above))
            {
                File.Delete(above);
            }
        }

        Directory.CreateDirectory(folder);
    }

    // A file that is there is replaced by a rename: a reader sees the old one or the new one.
    private void Put(string path, Action<string> make)
    {
        if (!Path.Exists(path))
        {
            make(path);
            return;
        }

        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        var temporary = layout.NewTemporary();
        make(temporary);
        File.Move(temporary, path, overwrite: true);
        unflushed.Add(path);

        // Of two names of one file the system renames none.
        File.Delete(temporary);
    }

    // The executable bit belongs to the inode, which the store shares with every link: an executable is a copy.
    private void LinkOrCopy(StoredFile file, string path)
    {
        var content = new FileInfo(layout.Content(file.Content.Digest));
        if (!ContentSeal.Holds(content, file.Content))
        {
            throw new DamagedContentException(file.Content);
        }

        if (!file.IsExecutable && NativeFiles.TryLink(content.FullName, path))
        {
            return;
        }

        File.Copy(content.FullName, path);
        unflushed.Add(path);
        if (file.IsExecutable)
        {
            File.SetUnixFileMode(path, Executable);
        }
    }
}
