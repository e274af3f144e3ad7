namespace Sluice.Core.Results;

/// <summary>A content: its digest and its size in bytes.</summary>
public readonly record struct BlobInfo(Digest Digest, long Size);
