using Sluice.Core.Jobs;

namespace Sluice.Adapters.Yaml;

/// <summary>Reads <c>dependencies.yaml</c> and <c>params.yaml</c> with YamlDotNet, reporting every mistake at once.</summary>
internal sealed class YamlManifestReader : IManifestReader
{
    /// <inheritdoc/>
    public ManifestReading Examine(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length > Manifest.MaxBytes)
        {
            return Unreadable(new Mistake(Manifest.FileName, 0, 0, "It is larger than 4 MiB.", "Make it smaller, or split the job."));
        }

        var tree = new YamlTreeReader(Manifest.FileName);
        return tree.Read(utf8) switch
        {
            YamlMap root => new RootReader(root, tree.Mistakes).Read(),
            null or YamlScalar { IsNull: true } => Unreadable([.. tree.Mistakes]),
            var root => Unreadable(
            [
                .. tree.Mistakes,
                new Mistake(
                    Manifest.FileName, root.Position.Line, root.Position.Column, "It is not a mapping of tasks.", "Write 'task: {command: …}' for each task."),
            ]),
        };
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> ReadParams(ReadOnlyMemory<byte> utf8) => ParamsReader.Read(utf8);

    private static ManifestReading Unreadable(params ReadOnlySpan<Mistake> mistakes) => new() { Manifest = new Manifest(), Mistakes = [.. mistakes] };
}
