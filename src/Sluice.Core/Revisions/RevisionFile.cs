using Sluice.Core.Jobs;

namespace Sluice.Core.Revisions;

/// <summary>One file of a revision. A symbolic link that stays inside is listed as the file it leads to.</summary>
/// <param name="Path">Relative to the root of the repository.</param>
/// <param name="Kind">Regular or executable; links that cannot be followed, and submodules, keep their kind.</param>
/// <param name="BlobId">Git's id of the content, 40 or 64 hexadecimal digits.</param>
public sealed record RevisionFile(RepoPath Path, RevisionFileKind Kind, string BlobId)
{
    /// <summary>Whether the executable bit is set; part of fingerprints.</summary>
    public bool IsExecutable => Kind == RevisionFileKind.Executable;

    /// <summary>Whether it has content of its own: not a submodule and not a link that leads out or nowhere.</summary>
    public bool IsReadable => Kind is RevisionFileKind.Regular or RevisionFileKind.Executable;

    /// <summary>Why a file that is absent or has no content cannot be used, as the end of a sentence.</summary>
    public static string WhyUnreadable(RevisionFile? file) => file?.Kind switch
    {
        null => "is not in the repository",
        RevisionFileKind.Symlink => "is a symbolic link that leads out of the repository or nowhere",
        _ => "is not a regular file",
    };
}
