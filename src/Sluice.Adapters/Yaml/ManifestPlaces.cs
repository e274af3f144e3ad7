using Sluice.Core.Jobs;

namespace Sluice.Adapters.Yaml;

/// <summary>Finds where a value of <c>dependencies.yaml</c> stands. Searches when it is asked: most files have no mistake.</summary>
internal sealed class ManifestPlaces(YamlMap root)
{
    private readonly Lazy<Dictionary<string, YamlNode>> _owners = new(() => root.Entries.ToDictionary(entry => entry.Key.Text, entry => entry.Value));
    private readonly Dictionary<(string Owner, string Field), YamlNode?> _fields = [];
    private readonly Dictionary<YamlNode, Dictionary<string, SourcePosition>> _places = new(ReferenceEqualityComparer.Instance);

    /// <summary>The place of a value; null where it is not written down.</summary>
    /// <param name="owner">The key of its task, or <c>$job</c>.</param>
    /// <param name="field">The field; one that a task does not have is looked for among the defaults.</param>
    /// <param name="value">The text of an item where the field is a list, else empty.</param>
    public SourcePosition? Find(string owner, string field, string value)
    {
        if (!_fields.TryGetValue((owner, field), out var node))
        {
            node = Entry(_owners.Value.GetValueOrDefault(owner), field)
                ?? Entry(Entry(_owners.Value.GetValueOrDefault(ManifestReading.Job), "defaults"), field);
            _fields.Add((owner, field), node);
        }

        if (node is null)
        {
            return null;
        }

        if (!_places.TryGetValue(node, out var places))
        {
            _places.Add(node, places = Places(node));
        }

        return places.TryGetValue(value, out var place) ? place : null;
    }

    private static YamlNode? Entry(YamlNode? node, string key) =>
        node is YamlMap map && map.Entries.Find(entry => entry.Key.Text == key) is { Value: { } value } ? value : null;

    private static Dictionary<string, SourcePosition> Places(YamlNode node)
    {
        var places = new Dictionary<string, SourcePosition>();
        foreach (var item in node is YamlList list ? list.Items.OfType<YamlScalar>() : node is YamlScalar single ? [single] : [])
        {
            places.TryAdd(item.Text, item.Position);
        }

        if (node is YamlScalar scalar)
        {
            places[""] = scalar.Position;
        }

        return places;
    }
}
