namespace Sluice.Store;

/// <summary>How results are kept, on every kind of store.</summary>
public class StoreOptions
{
    /// <summary>Whether the copy under a commit holds its data too, not only its record (<c>SLUICE_STORE__PUBLISH</c>).</summary>
    public bool PublishData { get; set; } = true;
}
