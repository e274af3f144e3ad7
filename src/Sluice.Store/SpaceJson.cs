using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sluice.Store;

/// <summary>Small records as JSON files.</summary>
internal static class SpaceJson
{
    /// <summary>What a file holds; null where there is none, or something that is no such record.</summary>
    public static async Task<T?> ReadAsync<T>(this ISpaceFiles files, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await files.ReadAsync(name, maxBytes: null, cancellationToken) is { } json ? JsonSerializer.Deserialize(json, type) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
