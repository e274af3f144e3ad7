namespace Sluice.Core.Revisions;

/// <summary>What kind of entry of a git tree a file is.</summary>
public enum RevisionFileKind
{
    /// <summary>Mode 100644.</summary>
    Regular,

    /// <summary>Mode 100755.</summary>
    Executable,

    /// <summary>Mode 120000; its content is its target.</summary>
    Symlink,

    /// <summary>Mode 160000; never fetched.</summary>
    Submodule,
}
