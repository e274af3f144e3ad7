using System.Text.Json.Nodes;

namespace Sluice.Server.Tests.Deploy;

/// <summary>One object of Kubernetes.</summary>
internal sealed record Manifest(JsonNode Node)
{
    public string Kind => Overlay.Text(Node["kind"]);

    public string Name => Overlay.Text(Node["metadata"]!["name"]);

    public string? Namespace => Node["metadata"]!["namespace"]?.GetValue<string>();

    public JsonObject Labels => Node["metadata"]!["labels"]?.AsObject() ?? [];

    /// <summary>The pod that it makes; null where it makes none.</summary>
    public JsonNode? Pod => Node["spec"]?["template"]?["spec"];

    public JsonObject PodLabels => Node["spec"]!["template"]!["metadata"]!["labels"]!.AsObject();

    /// <summary>The containers of that pod, those before its start too.</summary>
    public IEnumerable<JsonNode> Containers => new[] { "initContainers", "containers" }.SelectMany(it => Pod?[it]?.AsArray() ?? []).Select(it => it!);

    /// <summary>Every node below this one that has this name.</summary>
    public IEnumerable<JsonNode> All(string name) => All(Node, name);

    /// <summary>Whether labels have everything that a selector asks for.</summary>
    public static bool Matches(JsonNode selector, JsonObject labels) =>
        selector.AsObject().All(it => labels[it.Key]?.GetValue<string>() == it.Value!.GetValue<string>());

    public override string ToString() => $"{Kind}/{Name}";

    private static IEnumerable<JsonNode> All(JsonNode? node, string name) => node switch
    {
        JsonObject found => found.SelectMany(it => it.Key == name && it.Value is not null ? [it.Value] : All(it.Value, name)),
        JsonArray list => list.SelectMany(it => All(it, name)),
        _ => [],
    };
}
