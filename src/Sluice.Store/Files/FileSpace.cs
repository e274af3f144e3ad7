using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Store.Files;

/// <summary>The space of a job on a file system.</summary>
internal sealed class FileSpace : ISpace
{
    public FileSpace(SpaceFolder folder, FileStoreOptions options, TimeProvider time)
    {
        var unflushed = new UnflushedFiles(folder.Root);
        Files = new FolderFiles(folder, unflushed);
        Blobs = new FileBlobStore(folder, unflushed, time);
        Holds = new FileHolds(folder);
        Publication = new FilePublication(folder, options, unflushed);
    }

    /// <inheritdoc/>
    public ISpaceFiles Files { get; }

    /// <inheritdoc/>
    public IBlobStore Blobs { get; }

    /// <inheritdoc/>
    public IHolds Holds { get; }

    /// <inheritdoc/>
    public IPublication Publication { get; }

    /// <inheritdoc/>
    public IRunContents? ContentsOf(RunId run) => null;
}
