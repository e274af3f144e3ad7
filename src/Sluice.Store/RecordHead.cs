using System.Text.Json;

namespace Sluice.Store;

/// <summary>Reads what stands at the head of a commit's record without the rest, which may be large.</summary>
internal static class RecordHead
{
    /// <summary>How much of a record is its head.</summary>
    public const int Bytes = 1024;

    /// <summary>When the record was stored; null where it does not say so.</summary>
    public static DateTimeOffset? StoredAt(ReadOnlySpan<byte> head)
    {
        var reader = new Utf8JsonReader(head, isFinalBlock: false, state: default);
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

        return null;
    }
}
