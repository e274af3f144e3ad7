using Sluice.Core.Jobs;

namespace Sluice.Core.Running;

/// <summary>Writes the <c>params.yaml</c> that a task sees: the keys that it lists, and no others.</summary>
internal static class ParameterFile
{
    /// <summary>The file; null for a task that lists none.</summary>
    /// <param name="task">The task.</param>
    /// <param name="values">Values by dotted key, as <see cref="IManifestReader.ReadParams"/> gives them.</param>
    public static string? Of(JobTask task, IReadOnlyDictionary<string, string> values)
    {
        if (task.Params.IsEmpty)
        {
            return null;
        }

        // A key that holds another brings it along.
        var listed = task.Params.ToHashSet();
        var leaves = listed.Where(key => !Holders(key).Any(listed.Contains)).Order(StringComparer.Ordinal);
        return $"{{\n  {string.Join(",\n  ", Entries([.. leaves.Select(key => (key.Split('.'), values[key]))], depth: 0))}\n}}\n";
    }

    private static IEnumerable<string> Entries(List<(string[] Path, string Value)> leaves, int depth) => leaves
        .GroupBy(leaf => leaf.Path[depth])
        .Select(group => $"{ParameterText.Of(group.Key, isPlain: true)}: {Value([.. group], depth + 1)}");

    private static string Value(List<(string[] Path, string Value)> leaves, int depth) => leaves[0].Path.Length == depth
        ? leaves[0].Value
        : $"{{{string.Join(", ", Entries(leaves, depth))}}}";

    private static IEnumerable<string> Holders(string key)
    {
        for (var dot = key.LastIndexOf('.'); dot > 0; dot = key.LastIndexOf('.', dot - 1))
        {
            yield return key[..dot];
        }
    }
}
