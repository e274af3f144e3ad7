using System.Collections.Immutable;
using Sluice.Core.Revisions;

namespace Sluice.Core.Jobs;

/// <summary>Some files of a revision, sorted by path; one object is shared by all tasks that depend on the same files.</summary>
public sealed class FileSet(ImmutableArray<RevisionFile> files)
{
    /// <summary>No files.</summary>
    public static FileSet Empty { get; } = new([]);

    /// <summary>The files, sorted by path.</summary>
    public ImmutableArray<RevisionFile> Files { get; } = files;
}
