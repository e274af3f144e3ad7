using System.Text.Json;

namespace Sluice.Server.Hosting;

/// <summary>
/// One <c>appsettings.json</c>: what it says under <c>Sluice</c>, by the names that the environment has. It is read from beside the program and from
/// the state folder, never from the folder that somebody stands in: that may be a stranger's repository.
/// </summary>
internal static class SettingsFile
{
    private const string Name = "appsettings.json";
    private const string Section = "Sluice";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>What the file in a folder says; nothing where there is none.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="known">The settings that it may give.</param>
    /// <param name="mistakes">Takes what is wrong with it.</param>
    public static Dictionary<string, string> Read(string folder, IReadOnlyCollection<string> known, List<string> mistakes)
    {
        var path = Path.Combine(folder, Name);
        var values = new Dictionary<string, string>();
        try
        {
            if (File.Exists(path))
            {
                using var document = JsonDocument.Parse(File.ReadAllText(path), Lenient);
                Flatten("", SectionOf(document.RootElement, path, mistakes), values);
            }
        }
        catch (JsonException exception)
        {
            mistakes.Add($"{path}:{exception.LineNumber + 1}: it is not JSON.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            mistakes.Add($"{path}: {exception.Message}");
        }

        foreach (var name in values.Keys.Except(known).ToList())
        {
            mistakes.Add($"{path}: there is no setting {Section}:{name.Replace("__", ":", StringComparison.Ordinal)} here.");
            values.Remove(name);
        }

        return values;
    }

    // Null: other programs' settings may be there too.
    private static JsonElement? SectionOf(JsonElement root, string path, List<string> mistakes)
    {
        JsonElement? section = root.ValueKind != JsonValueKind.Object ? root : root.TryGetProperty(Section, out var found) ? found : null;
        if (section is { ValueKind: not JsonValueKind.Object })
        {
            mistakes.Add($"{path}: it is no object; write {{ \"{Section}\": {{ \"PARALLELISM\": 4 }} }}.");
            return null;
        }

        return section;
    }

    private static void Flatten(string prefix, JsonElement? section, Dictionary<string, string> values)
    {
        foreach (var property in section?.EnumerateObject().ToList() ?? [])
        {
            var name = prefix + property.Name.ToUpperInvariant();
            if (property.Value.ValueKind == JsonValueKind.Object)
            {
                Flatten(name + "__", property.Value, values);
            }
            else
            {
                values[name] = property.Value.ValueKind == JsonValueKind.Array
                    ? string.Join(',', property.Value.EnumerateArray().Select(item => item.ToString()))
                    : property.Value.ToString();
            }
        }
    }
}
