namespace Sluice.Core.Jobs;

/// <summary>Reads the two YAML files of a job; behind an interface because the YAML library is not Core's.</summary>
public interface IManifestReader
{
    /// <summary>Parses and checks <c>dependencies.yaml</c>.</summary>
    /// <param name="utf8">The file, at most <see cref="Manifest.MaxBytes"/>.</param>
    /// <exception cref="BrokenRepositoryException">With every mistake, in the order of the file.</exception>
    Manifest Read(ReadOnlyMemory<byte> utf8);

    /// <summary>
    /// Parses <c>params.yaml</c> into its leaves by dotted key, each value as canonical JSON; the folders above a leaf
    /// are keys too, with the JSON of all below them.
    /// </summary>
    /// <exception cref="BrokenRepositoryException">With every mistake.</exception>
    IReadOnlyDictionary<string, string> ReadParams(ReadOnlyMemory<byte> utf8);
}
