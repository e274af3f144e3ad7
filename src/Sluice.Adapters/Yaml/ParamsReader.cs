using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Jobs;

namespace Sluice.Adapters.Yaml;

/// <summary>Reads <c>params.yaml</c> into its values by dotted key, each as canonical JSON.</summary>
internal static class ParamsReader
{
    private const string FileName = "params.yaml";

    /// <summary>The values; a mapping counts under its own key too.</summary>
    public static IReadOnlyDictionary<string, string> Read(ReadOnlyMemory<byte> utf8)
    {
        var tree = new YamlTreeReader(FileName);
        var root = tree.Read(utf8);
        if (tree.Mistakes.Count == 0 && root is not (YamlMap or null or YamlScalar { IsNull: true }))
        {
            tree.Mistakes.Add(new Mistake(FileName, root.Position.Line, root.Position.Column, "It is not a mapping.", "Write 'key: value' lines."));
        }

        if (tree.Mistakes.Count > 0)
        {
            throw YamlManifestReader.Broken(tree.Mistakes);
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (root is YamlMap map)
        {
            Collect("", map, values);
        }

        return values;
    }

    private static void Collect(string prefix, YamlMap map, Dictionary<string, string> values)
    {
        foreach (var (key, value) in map.Entries)
        {
            var name = prefix + key.Text;
            values[name] = ToJson(value)?.ToJsonString() ?? "null";
            if (value is YamlMap below)
            {
                Collect(name + ".", below, values);
            }
        }
    }

    // Sorted keys and plain numbers: the order and the notation in the file change no fingerprint.
    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMap map => new JsonObject(map.Entries
            .OrderBy(entry => entry.Key.Text, StringComparer.Ordinal)
            .Select(entry => KeyValuePair.Create(entry.Key.Text, ToJson(entry.Value)))),
        YamlList list => new JsonArray([.. list.Items.Select(ToJson)]),
        YamlScalar { IsNull: true } => null,
        YamlScalar { IsBoolean: true } scalar => JsonValue.Create(scalar.Text[0] is 't' or 'T'),
        YamlScalar { IsNumber: true } scalar => Number(scalar.Text),
        YamlScalar scalar => JsonValue.Create(scalar.Text),
        _ => throw new JsonException("An unknown node."),
    };

    private static JsonValue Number(string text)
    {
        if (long.TryParse(text, CultureInfo.InvariantCulture, out var whole))
        {
            return JsonValue.Create(whole);
        }

        var number = double.Parse(text, CultureInfo.InvariantCulture);
        return double.IsFinite(number) ? JsonValue.Create(number) : JsonValue.Create(text)!;
    }
}
