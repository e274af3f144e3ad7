using Sluice.Core.Results;

namespace Sluice.Core.Revisions;

/// <summary>The content of a file of a revision, as long as it is being given.</summary>
/// <param name="Known">Its digest and size where they are known without reading it: of a Git LFS pointer.</param>
/// <param name="OpenAsync">Opens it, once.</param>
public sealed record GitContent(BlobInfo? Known, Func<CancellationToken, Task<Stream>> OpenAsync);
