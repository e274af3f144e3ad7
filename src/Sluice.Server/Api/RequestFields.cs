using System.Text.Json;
using Sluice.Client;

namespace Sluice.Server.Api;

/// <summary>The fields of a JSON object, read by hand so that every mistake in them can be told at once.</summary>
/// <param name="body">The object.</param>
internal sealed class RequestFields(JsonElement body)
{
    // A body of nothing but mistakes must not have an answer many times its size.
    private const int MaxMistakes = 20;

    private readonly List<MistakeView> _mistakes = [];

    /// <summary>Finds the fields that nobody reads, and those that are given twice.</summary>
    public void CheckNames(IReadOnlyCollection<string> known)
    {
        foreach (var given in body.EnumerateObject().CountBy(property => property.Name))
        {
            var name = given.Key.Length > 40 ? given.Key[..40] + "…" : given.Key;
            if (!known.Contains(given.Key))
            {
                Add(name, "There is no such field.", $"The fields are {string.Join(", ", known)}.");
            }
            else if (given.Value > 1)
            {
                Add(name, "The field is given more than once.", "Say it once.");
            }
        }
    }

    /// <summary>A text that has to be there; empty where it is not.</summary>
    public string Required(string name, string advice)
    {
        if (IsMissing(name))
        {
            Add(name, "The field is missing.", advice);
        }

        return Text(name, advice) ?? "";
    }

    /// <summary>A text.</summary>
    public string? Text(string name, string advice) => Value(name, advice, JsonValueKind.String)?.GetString();

    /// <summary>True or false.</summary>
    public bool? Flag(string name) => Value(name, "It is true or false.", JsonValueKind.True, JsonValueKind.False)?.GetBoolean();

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string>? Texts(string name, string advice)
    {
        if (Value(name, advice, JsonValueKind.Array) is not { } list)
        {
            return null;
        }

        if (list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String))
        {
            return [.. list.EnumerateArray().Select(item => item.GetString()!)];
        }

        Add(name, "The list holds something that is not a text.", advice);
        return null;
    }

    /// <summary>A whole number from 1.</summary>
    public int? Number(string name, int most)
    {
        var advice = $"It is a whole number from 1 to {most}.";
        if (Value(name, advice, JsonValueKind.Number) is not { } value)
        {
            return null;
        }

        if (value.TryGetInt32(out var number) && number >= 1 && number <= most)
        {
            return number;
        }

        Add(name, "The number is not in range.", advice);
        return null;
    }

    /// <summary>Ends the reading.</summary>
    /// <exception cref="InvalidRequestException">There were mistakes; names them all.</exception>
    public void ThrowMistakes()
    {
        if (_mistakes.Count > 0)
        {
            throw new InvalidRequestException(_mistakes);
        }
    }

    private bool IsMissing(string name) => !body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null;

    private JsonElement? Value(string name, string advice, params ReadOnlySpan<JsonValueKind> kinds)
    {
        if (IsMissing(name))
        {
            return null;
        }

        var value = body.GetProperty(name);
        if (kinds.Contains(value.ValueKind))
        {
            return value;
        }

        Add(name, "The field has a value of another type.", advice);
        return null;
    }

    private void Add(string field, string problem, string advice)
    {
        if (_mistakes.Count < MaxMistakes)
        {
            _mistakes.Add(new MistakeView(File: null, Line: 0, Column: 0, problem, advice) { Field = field });
        }
    }
}
