using System.Collections.Concurrent;

namespace Sluice.Store.Files;

/// <summary>Remembers what was written and is not durable yet.</summary>
internal sealed class UnflushedFiles(string root)
{
    /// <summary>More than this are cheaper to flush with the whole file system; see "Durability" in docs/design.</summary>
    private const int MaxSingle = 200;

    private readonly ConcurrentQueue<string> _files = new();
    private readonly ConcurrentQueue<string> _folders = new();
    private readonly Lock _flushing = new();

    /// <summary>A file has been put under its final name.</summary>
    public void Add(string path)
    {
        _files.Enqueue(path);
        _folders.Enqueue(Path.GetDirectoryName(path)!);
        _folders.Enqueue(Path.GetDirectoryName(Path.GetDirectoryName(path)!)!);
    }

    /// <summary>Names have come to a folder, of files that are durable.</summary>
    public void AddFolder(string path) => _folders.Enqueue(path);

    /// <summary>Makes all of them durable, with the folders that name them; returns when those are, too, that another call has begun with.</summary>
    /// <exception cref="IOException">Some could not be flushed; they are remembered.</exception>
    public void Flush()
    {
        lock (_flushing)
        {
            var (files, folders) = (TakeAll(_files), TakeAll(_folders));
            try
            {
                Flush(files, folders);
            }
            catch
            {
                files.ToList().ForEach(_files.Enqueue);
                folders.ToList().ForEach(_folders.Enqueue);
                throw;
            }
        }
    }

    private void Flush(HashSet<string> files, HashSet<string> folders)
    {
        if (files.Count + folders.Count > MaxSingle)
        {
            NativeFiles.FlushFileSystem(root);
            return;
        }

        foreach (var path in files.Where(File.Exists))
        {
            using var handle = File.OpenHandle(path);
            RandomAccess.FlushToDisk(handle);
        }

        foreach (var folder in folders.Where(Directory.Exists))
        {
            NativeFiles.FlushFolder(folder);
        }
    }

    private static HashSet<string> TakeAll(ConcurrentQueue<string> queue)
    {
        var taken = new HashSet<string>();
        while (queue.TryDequeue(out var path))
        {
            taken.Add(path);
        }

        return taken;
    }
}
