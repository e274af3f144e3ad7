using System.Collections.Concurrent;

namespace Sluice.Store.Files;

/// <summary>Remembers what was written and is not durable yet.</summary>
internal sealed class UnflushedFiles(string root)
{
    /// <summary>More files than this are cheaper to flush with the whole file system; see "Durability" in docs/design.</summary>
    private const int MaxSingle = 200;

    private readonly ConcurrentQueue<string> _files = new();

    /// <summary>A file has been put under its final name.</summary>
    public void Add(string path) => _files.Enqueue(path);

    /// <summary>Makes all of them durable, with the folders that name them.</summary>
    public void Flush()
    {
        var files = new HashSet<string>();
        while (_files.TryDequeue(out var path))
        {
            files.Add(path);
        }

        if (files.Count > MaxSingle)
        {
            NativeFiles.FlushFileSystem(root);
            return;
        }

        foreach (var path in files.Where(File.Exists))
        {
            using var handle = File.OpenHandle(path);
            RandomAccess.FlushToDisk(handle);
        }

        foreach (var folder in files.Select(path => Path.GetDirectoryName(path)!).Distinct().Where(Directory.Exists))
        {
            NativeFiles.FlushFolder(folder);
            NativeFiles.FlushFolder(Path.GetDirectoryName(folder)!);
        }
    }
}
