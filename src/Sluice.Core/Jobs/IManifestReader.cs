namespace Sluice.Core.Jobs;

/// <summary>Reads the two YAML files of a job; behind an interface because the YAML library is not Core's.</summary>
public interface IManifestReader
{
    /// <summary>Parses and checks <c>dependencies.yaml</c>.</summary>
    /// <param name="utf8">The file, at most <see cref="Manifest.MaxBytes"/>.</param>
    /// <exception cref="BrokenRepositoryException">With every mistake, in the order of the file.</exception>
    Manifest Read(ReadOnlyMemory<byte> utf8) => Examine(utf8).OrThrow();

    /// <summary>Parses and checks <c>dependencies.yaml</c>, and reads on after mistakes.</summary>
    /// <param name="utf8">The file, at most <see cref="Manifest.MaxBytes"/>.</param>
    ManifestReading Examine(ReadOnlyMemory<byte> utf8);

    /// <summary>
    /// Parses <c>params.yaml</c> into its leaves by dotted key, each value in one line of YAML as its author wrote it; the mappings above a leaf
    /// are keys too, with all below them, sorted. A key with a dot of its own is in the value above it only.
    /// </summary>
    /// <exception cref="BrokenRepositoryException">With every mistake.</exception>
    IReadOnlyDictionary<string, string> ReadParams(ReadOnlyMemory<byte> utf8);
}
