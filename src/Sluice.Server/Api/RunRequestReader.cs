using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Client;
using Sluice.Core;

namespace Sluice.Server.Api;

/// <summary>Reads the body of <c>/run</c> and its like by hand, so that every mistake in it can be told at once.</summary>
internal static class RunRequestReader
{
    private static readonly string[] Known =
        ["job_name", "job_url", "ref", "adopt", "force", "fail_fast", "move", "targets", "parallelism"];

    /// <summary>The request.</summary>
    /// <exception cref="SluiceException">The body is not right; names every mistake.</exception>
    public static async Task<RunRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var document = await JsonDocument.ParseAsync(request.Body, new JsonDocumentOptions { MaxDepth = 16 }, cancellationToken);
        var mistakes = new List<string>();
        var read = Read(document.RootElement, mistakes);
        return mistakes.Count == 0 ? read : throw new SluiceException(FaultKind.BadRequest, "bad-request", string.Join(" ", mistakes));
    }

    private static RunRequest Read(JsonElement body, List<string> mistakes)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            mistakes.Add("The body is not a JSON object.");
            return new RunRequest();
        }

        foreach (var property in body.EnumerateObject().Where(property => !Known.Contains(property.Name)))
        {
            var name = property.Name.Length > 40 ? property.Name[..40] + "…" : property.Name;
            mistakes.Add($"There is no field '{name}'; the fields are {string.Join(", ", Known)}.");
        }

        return new RunRequest
        {
            JobName = Required("job_name"),
            JobUrl = Required("job_url"),
            Ref = Text("ref"),
            Adopt = Boolean("adopt"),
            FailFast = Boolean("fail_fast") ?? false,
            Move = Boolean("move") ?? false,
            Force = Texts("force"),
            Targets = Texts("targets"),
            Parallelism = Number("parallelism"),
        };

        string? Required(string name)
        {
            if (!body.TryGetProperty(name, out _))
            {
                mistakes.Add($"{name} is missing.");
            }

            return Text(name);
        }

        string? Text(string name) => Value(name, JsonValueKind.String, "a text") is { } value ? value.GetString() : null;

        bool? Boolean(string name)
        {
            if (!body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                return null;
            }

            if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            {
                return value.GetBoolean();
            }

            mistakes.Add($"{name} is not true or false.");
            return null;
        }

        List<string>? Texts(string name)
        {
            if (Value(name, JsonValueKind.Array, "a list of texts") is not { } list)
            {
                return null;
            }

            if (list.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
            {
                mistakes.Add($"{name} is not a list of texts.");
                return null;
            }

            return [.. list.EnumerateArray().Select(item => item.GetString()!)];
        }

        int? Number(string name)
        {
            if (Value(name, JsonValueKind.Number, "a number") is not { } value)
            {
                return null;
            }

            if (value.TryGetInt32(out var number) && number is >= 1 and <= 1024)
            {
                return number;
            }

            mistakes.Add($"{name} is not a whole number from 1 to 1024.");
            return null;
        }

        JsonElement? Value(string name, JsonValueKind kind, string words)
        {
            if (!body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                return null;
            }

            if (value.ValueKind == kind)
            {
                return value;
            }

            mistakes.Add($"{name} is not {words}.");
            return null;
        }
    }
}
