using System.Text.Json.Nodes;

namespace Sluice.Testing.Kubernetes;

/// <summary>A label or field selector, as far as equality goes.</summary>
internal static class Selector
{
    /// <summary>Whether an object is meant.</summary>
    public static bool Matches(JsonObject value, string? labels, string? fields) =>
        Parts(labels).All(part => value["metadata"]?["labels"]?[part.Name]?.ToString() == part.Value)
        && Parts(fields).All(part => part.Name.Split('.').Aggregate((JsonNode?)value, (node, name) => node?[name])?.ToString() == part.Value);

    private static IEnumerable<(string Name, string Value)> Parts(string? selector) =>
        (selector ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=', 2)).Select(part => (part[0], part[1].TrimStart('=')));
}
