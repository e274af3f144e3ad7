using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sluice.Store;

/// <summary>Small records as JSON files.</summary>
internal static class SpaceJson
{
    private const string Unreadable = "it cannot be read";

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

    /// <summary>What a file holds that anybody may have written: no more of it is read than such a record may have.</summary>
    /// <returns>The record, or what is wrong with it; neither where there is no file.</returns>
    public static async Task<(T? Value, string? Wrong)> ReadLimitedAsync<T>(
        this ISpaceFiles files, string name, JsonTypeInfo<T> type, int maxBytes, Func<T, bool> isWellFormed, CancellationToken cancellationToken)
        where T : class
    {
        if (await files.ReadAsync(name, maxBytes + 1, cancellationToken) is not { } json)
        {
            return (null, null);
        }

        if (json.Length > maxBytes)
        {
            return (null, $"it has more than {maxBytes / 1024} KiB");
        }

        try
        {
            // What is nested deeper than the reader's 64 levels is no record either.
            return JsonSerializer.Deserialize(json, type) is { } value && isWellFormed(value) ? (value, null) : (null, Unreadable);
        }
        catch (JsonException)
        {
            return (null, Unreadable);
        }
    }
}
