using System.Text.Json;

namespace Sluice.Store.Files;

/// <summary>Reads what stands at the head of a commit's record without the rest, which may be large.</summary>
internal static class RecordHead
{
    private const int HeadBytes = 1024;

    /// <summary>When the record was stored; where it does not say so, the file's time.</summary>
    public static DateTimeOffset ReadStoredAt(string path)
    {
        var head = new byte[HeadBytes];
        using var file = File.OpenRead(path);
        var length = file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false);
        var reader = new Utf8JsonReader(head.AsSpan(0, length), isFinalBlock: false, state: default);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("stored_at"u8) && reader.Read() && reader.TryGetDateTimeOffset(out var at))
                {
                    return at;
                }
            }
        }
        catch (JsonException)
        {
            // Cut off or overwritten; who reads it whole says so.
        }

        return File.GetLastWriteTimeUtc(path);
    }
}
