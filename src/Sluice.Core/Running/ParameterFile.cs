using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Jobs;

namespace Sluice.Core.Running;

/// <summary>Writes the <c>params.yaml</c> that a task sees: the keys that it lists, and no others.</summary>
internal static class ParameterFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The file; null for a task that lists none. JSON, which every YAML reader takes.</summary>
    /// <param name="task">The task.</param>
    /// <param name="values">Values by dotted key, as JSON.</param>
    public static string? Of(JobTask task, IReadOnlyDictionary<string, string> values)
    {
        if (task.Params.IsEmpty)
        {
            return null;
        }

        var root = new JsonObject();

        // Shorter keys first: one that holds another brings it along.
        foreach (var key in task.Params.OrderBy(key => key.Length).ThenBy(key => key, StringComparer.Ordinal))
        {
            var parts = key.Split('.');
            var parent = root;
            foreach (var part in parts[..^1])
            {
                if (parent[part] is not JsonObject)
                {
                    parent[part] = new JsonObject();
                }

                parent = (JsonObject)parent[part]!;
            }

            parent[parts[^1]] = JsonNode.Parse(values[key]);
        }

        return root.ToJsonString(Indented) + "\n";
    }
}
