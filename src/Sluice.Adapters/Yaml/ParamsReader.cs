using Sluice.Core.Jobs;

namespace Sluice.Adapters.Yaml;

/// <summary>Reads <c>params.yaml</c> into its values by dotted key, each as the author wrote it.</summary>
internal sealed class ParamsReader
{
    private const string FileName = "params.yaml";

    // Each value stands in those above it too, and an alias in each of its places.
    private const int MaxLength = 8 * Manifest.MaxBytes;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private int _length;

    private ParamsReader()
    {
    }

    /// <summary>The values; a mapping counts under its own key too.</summary>
    public static IReadOnlyDictionary<string, string> Read(ReadOnlyMemory<byte> utf8)
    {
        var tree = new YamlTreeReader(FileName);
        var root = tree.Read(utf8);
        if (tree.Mistakes.Count == 0 && root is not (YamlMap or null or YamlScalar { IsNull: true }))
        {
            tree.Mistakes.Add(new Mistake(FileName, root.Position.Line, root.Position.Column, "It is not a mapping.", "Write 'key: value' lines."));
        }

        var reader = new ParamsReader();
        if (tree.Mistakes.Count == 0 && root is YamlMap map && reader.Write(map, "") is null)
        {
            tree.Mistakes.Add(new Mistake(FileName, 0, 0, "Its values are too large once its aliases are expanded.", "Write it more plainly."));
        }

        return tree.Mistakes.Count == 0 ? reader._values : throw BrokenRepositoryException.Of(tree.Mistakes);
    }

    // A text in one line of flow style: JSON, but for what the author left without quotes. Null when it all gets too long.
    private string? Write(YamlNode node, string? prefix)
    {
        var text = node switch
        {
            YamlMap map => WriteMap(map, prefix),
            YamlList list => Join('[', list.Items.Select(item => Write(item, prefix: null)), ']'),
            YamlScalar scalar => ParameterText.Of(scalar.Text, scalar.IsPlain),
            _ => null,
        };
        _length += text?.Length ?? 0;
        return _length > MaxLength ? null : text;
    }

    // Sorted, so that the order in the file changes no fingerprint.
    private string? WriteMap(YamlMap map, string? prefix) =>
        Join('{', map.Entries.OrderBy(entry => entry.Key.Text, StringComparer.Ordinal).Select(entry => WriteEntry(entry.Key, entry.Value, prefix)), '}');

    private string? WriteEntry(YamlScalar key, YamlNode value, string? prefix)
    {
        var name = prefix is not null && IsListable(key) ? prefix + key.Text : null;
        if (Write(value, name is null ? null : name + ".") is not { } text)
        {
            return null;
        }

        if (name is not null)
        {
            _values[name] = text;
        }

        return $"{ParameterText.Of(key.Text, key.IsPlain)}: {text}";
    }

    // A dotted key names neither one that has a dot of its own, nor "1" beside 1.
    private static bool IsListable(YamlScalar key) =>
        !key.Text.Contains('.', StringComparison.Ordinal) && (key.IsPlain || !ParameterText.IsMoreThanText(key.Text));

    private static string? Join(char open, IEnumerable<string?> parts, char close)
    {
        var all = new List<string>();
        foreach (var part in parts)
        {
            if (part is null)
            {
                return null;
            }

            all.Add(part);
        }

        return $"{open}{string.Join(", ", all)}{close}";
    }
}
