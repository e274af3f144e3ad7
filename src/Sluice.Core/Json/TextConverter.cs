using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Core.Json;

/// <summary>Writes a value as one string; a string that is no such value is a <see cref="JsonException"/>.</summary>
public abstract class TextConverter<T> : JsonConverter<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return Parse(reader.GetString() ?? throw new JsonException("A string is missing."));
        }
        catch (FormatException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Format(value));

    /// <summary>Reads the string.</summary>
    /// <exception cref="FormatException">It is no such value.</exception>
    protected abstract T Parse(string text);

    /// <summary>Writes the string.</summary>
    protected virtual string Format(T value) => value!.ToString()!;
}
