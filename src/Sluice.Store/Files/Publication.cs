using System.Globalization;
using Sluice.Core.Results;

namespace Sluice.Store.Files;

/// <summary>
/// The copy of a commit's results for people and other programs: whole or absent at first, later file by file with <c>run.json</c> last.
/// </summary>
internal sealed class Publication(SpaceLayout layout, FileStoreOptions options, UnflushedFiles unflushed)
{
    private const string RunFile = "run.json";

    private const UnixFileMode Executable =
        UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Writes the copy of a record. Repeating it changes nothing.</summary>
    /// <exception cref="DamagedContentException">A content is missing from the store.</exception>
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
            Directory.Move(temporary, final);
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

        unflushed.Add(Path.Combine(final, RunFile));
    }

    private void Replace(CommitRecord record, string final, ReadOnlySpan<byte> runJson)
    {
        var wanted = WriteAll(record, final);
        foreach (var path in Directory.EnumerateFiles(final, "*", SearchOption.AllDirectories)
            .Where(path => !wanted.Contains(path) && path != Path.Combine(final, RunFile))
            .ToList())
        {
            File.Delete(path);
        }

        var temporary = layout.NewTemporary();
        File.WriteAllBytes(temporary, runJson);
        File.Move(temporary, Path.Combine(final, RunFile), overwrite: true);
        unflushed.Add(Path.Combine(final, RunFile));
    }

    private HashSet<string> WriteAll(CommitRecord record, string root)
    {
        var written = new HashSet<string>();
        var folders = new HashSet<string>();
        Write("commit_date.txt", path => File.WriteAllText(
            path, record.CommitDate.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)));
        Link("dependencies.yaml", new StoredFile(default, record.Manifest, false));
        LinkAll("code", record.Code);
        if (options.PublishData)
        {
            LinkAll("data", record.Sources);
        }

        foreach (var task in record.Tasks)
        {
            if (options.PublishData)
            {
                LinkAll("data", task.Files.Outputs);
            }

            LinkAll($"logs/{task.Name}", task.Files.Logs);
            LinkAll($"metadata/{task.Name}", task.Files.Metadata);
        }

        return written;

        void LinkAll(string below, IEnumerable<StoredFile> files)
        {
            foreach (var file in files)
            {
                Link($"{below}/{file.Path}", file);
            }
        }

        void Link(string name, StoredFile file) => Write(name, path => LinkOrCopy(file, path));

        void Write(string name, Action<string> make)
        {
            var path = Path.Combine(root, name);
            var folder = Path.GetDirectoryName(path)!;
            if (folders.Add(folder))
            {
                Directory.CreateDirectory(folder);
            }

            Put(path, make);
            written.Add(path);
        }
    }

    // A file that is there is replaced by a rename: a reader sees the old one or the new one.
    private void Put(string path, Action<string> make)
    {
        if (!Path.Exists(path))
        {
            make(path);
            return;
        }

        var temporary = layout.NewTemporary();
        make(temporary);
        File.Move(temporary, path, overwrite: true);
    }

    // The executable bit belongs to the inode, which the store shares with every link: an executable is a copy.
    private void LinkOrCopy(StoredFile file, string path)
    {
        var content = layout.Content(file.Content.Digest);
        if (!file.IsExecutable && NativeFiles.TryLink(content, path))
        {
            return;
        }

        try
        {
            File.Copy(content, path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException && !File.Exists(content))
        {
            throw new DamagedContentException(file.Content);
        }

        if (file.IsExecutable)
        {
            File.SetUnixFileMode(path, Executable);
        }
    }
}
