using System.Text.Json.Serialization;

namespace Sluice.Core.Results;

/// <summary>A content: its digest and its size in bytes.</summary>
public readonly record struct BlobInfo(Digest Digest, long Size)
{
    /// <summary>Whether it is one: what was read from elsewhere may have left something out.</summary>
    [JsonIgnore]
    public bool IsWellFormed => Digest.Hex is not null && Size >= 0;
}
