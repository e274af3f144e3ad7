namespace Sluice.Core.Results;

/// <summary>A content of the store is missing or is not what its digest says; its producer has to run again.</summary>
public sealed class DamagedContentException(BlobInfo content)
    : Exception($"The content {content.Digest} is missing from the store or damaged.")
{
    /// <summary>Which content.</summary>
    public BlobInfo Content { get; } = content;
}
