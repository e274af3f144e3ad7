namespace Sluice.Store.Files;

/// <summary>How results are kept on a file system.</summary>
public sealed class FileStoreOptions
{
    /// <summary>Whether the copy under a commit holds its data too, not only its record (<c>SLUICE_STORE__PUBLISH</c>).</summary>
    public bool PublishData { get; set; } = true;
}
