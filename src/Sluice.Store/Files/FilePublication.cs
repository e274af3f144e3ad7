using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Store.Files;

/// <summary>
/// The copy of a commit's results for people and other programs: whole or absent at first, later file by file with <c>run.json</c> last.
/// </summary>
internal sealed class FilePublication(SpaceFolder folder, FileStoreOptions options, UnflushedFiles unflushed) : IPublication
{
    private const UnixFileMode Executable =
        UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <inheritdoc/>
    public Task PublishAsync(CommitRecord record, ReadOnlyMemory<byte> runJson, CancellationToken cancellationToken)
    {
        Publish(record, runJson.Span);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task DeleteAsync(CommitId commit, CancellationToken cancellationToken)
    {
        var copy = folder.Copy(commit);
        if (Directory.Exists(copy))
        {
            Directory.Delete(copy, recursive: true);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> MendAsync(CommitRecord record, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>(Mend(record));

    private void Publish(CommitRecord record, ReadOnlySpan<byte> runJson)
    {
        var final = folder.Copy(record.Commit);
        if (Directory.Exists(final))
        {
            Replace(record, final, runJson);
            return;
        }

        var temporary = folder.NewTemporary();
        try
        {
            WriteAll(record, temporary);
            File.WriteAllBytes(Path.Combine(temporary, SpaceNames.RunFile), runJson);
            unflushed.Add(Path.Combine(temporary, SpaceNames.RunFile));
            unflushed.Flush();
            Directory.Move(temporary, final);
            unflushed.AddFolder(folder.Root);
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

    private List<string> Mend(CommitRecord record)
    {
        var mended = new List<string>();
        var root = folder.Copy(record.Commit);
        foreach (var (name, file) in Directory.Exists(root) ? PublishedFiles.Of(record, options.PublishData) : [])
        {
            var (path, content) = (Path.Combine(root, name), new FileInfo(folder.Content(file.Content.Digest)));
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
        }

        return mended;
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
        wanted.Add(Path.Combine(final, SpaceNames.RunFile));
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
        var temporary = folder.NewTemporary();
        File.WriteAllBytes(temporary, runJson);
        File.Move(temporary, Path.Combine(final, SpaceNames.RunFile), overwrite: true);
        unflushed.Add(Path.Combine(final, SpaceNames.RunFile));
    }

    private HashSet<string> WriteAll(CommitRecord record, string root)
    {
        var written = new HashSet<string>();
        var folders = new HashSet<string>();
        Write(PublishedFiles.DateFile, path => File.WriteAllText(path, PublishedFiles.DateOf(record)));
        unflushed.Add(Path.Combine(root, PublishedFiles.DateFile));
        foreach (var (name, file) in PublishedFiles.Of(record, options.PublishData))
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

        var temporary = folder.NewTemporary();
        make(temporary);
        File.Move(temporary, path, overwrite: true);
        unflushed.Add(path);

        // Of two names of one file the system renames none.
        File.Delete(temporary);
    }

    // The executable bit belongs to the inode, which the store shares with every link: an executable is a copy.
    private void LinkOrCopy(StoredFile file, string path)
    {
        var content = new FileInfo(folder.Content(file.Content.Digest));
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
