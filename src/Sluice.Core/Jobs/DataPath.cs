namespace Sluice.Core.Jobs;

/// <summary>A declared input or output: a file below the data folder or, with a final slash, a folder.</summary>
public readonly record struct DataPath(RepoPath Path, bool IsFolder) : IComparable<DataPath>
{
    /// <summary>Whether a file belongs to this: the same file, or a file below this folder.</summary>
    public bool Covers(RepoPath file) => IsFolder ? file.IsBelow(Path) : file == Path;

    /// <inheritdoc/>
    public int CompareTo(DataPath other) => string.CompareOrdinal(ToString(), other.ToString());

    /// <summary>As written in <c>dependencies.yaml</c>, with the slash.</summary>
    public override string ToString() => IsFolder ? Path.Value + "/" : Path.Value;
}
