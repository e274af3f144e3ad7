using Sluice.Core.Jobs;

namespace Sluice.Core.Revisions;

/// <summary>A bare mirror of one repository. Commits once planned stay, whatever becomes of the origin.</summary>
public interface IRepository
{
    /// <summary>Which repository.</summary>
    RepositoryUrl Url { get; }

    /// <summary>
    /// Resolves a branch, a tag, a commit id (also abbreviated) or, for null, the default branch. Fetches first, except for the full
    /// id of a commit that is kept; where that fails, a kept commit is found by its short id too. Keeps the commit for good.
    /// </summary>
    /// <exception cref="SluiceException">
    /// The ref is malformed (BadRequest) or unknown (Unprocessable), the repository is empty (Unprocessable), wants a
    /// password or does not exist (Unprocessable), or its host does not answer (Unavailable).
    /// </exception>
    Task<ResolvedRef> ResolveAsync(string? reference, CancellationToken cancellationToken);

    /// <summary>Lists the files of a commit that is here.</summary>
    Task<Revision> ReadRevisionAsync(CommitId commit, CancellationToken cancellationToken);

    /// <summary>Reads a small file whole; of a Git LFS pointer, what it points to.</summary>
    /// <returns>Null when it is larger than the limit.</returns>
    Task<ReadOnlyMemory<byte>?> ReadSmallAsync(RevisionFile file, int maxBytes, CancellationToken cancellationToken);

    /// <summary>
    /// Gives the content of each file once, in any order. A Git LFS pointer is given as what it points to, whose digest it knows; the content is
    /// fetched only when it is opened, and checked against the pointer.
    /// </summary>
    /// <param name="files">Readable files; several may share one blob, which is then given once.</param>
    /// <param name="receive">Called with the blob's id and its content, one call at a time.</param>
    Task ReadContentsAsync(
        IReadOnlyCollection<RevisionFile> files,
        Func<string, GitContent, CancellationToken, Task> receive,
        CancellationToken cancellationToken);

    /// <summary>The ancestors of a commit, itself first, breadth first, first parents first; lazily.</summary>
    IAsyncEnumerable<CommitId> AncestorsAsync(CommitId commit, CancellationToken cancellationToken);

    /// <summary>
    /// For each path below a folder, the newest commit of the whole history that changed it; a merge only where it differs from all its
    /// parents. Paths that never changed are missing, and all are where the origin's history is cut.
    /// </summary>
    Task<IReadOnlyDictionary<RepoPath, CommitId>> LastChangesAsync(
        CommitId commit, RepoPath folder, IReadOnlySet<RepoPath> paths, CancellationToken cancellationToken);
}

/// <summary>What a ref led to.</summary>
/// <param name="Commit">The commit, here and kept.</param>
/// <param name="Name">The branch or tag by its short name, or the ref as given.</param>
public sealed record ResolvedRef(CommitId Commit, string Name);
