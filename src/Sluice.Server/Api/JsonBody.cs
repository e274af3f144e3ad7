using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Sluice.Core;

namespace Sluice.Server.Api;

/// <summary>The body of a request, which is JSON in UTF-8.</summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    /// <summary>Checks what the request says of its body.</summary>
    /// <exception cref="BadHttpRequestException">It is something else (415).</exception>
    public static void CheckType(HttpRequest request)
    {
        if (!request.HasJsonContentType())
        {
            throw new BadHttpRequestException("Requests need Content-Type: application/json.", 415);
        }

        var charset = MediaTypeHeaderValue.Parse(request.ContentType).Charset;
        if (charset.HasValue && !HeaderUtilities.RemoveQuotes(charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            throw new BadHttpRequestException("JSON is written in UTF-8; leave out the charset, or say charset=utf-8.", 415);
        }
    }

    /// <summary>Reads the body.</summary>
    /// <typeparam name="T">What it means.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="read">Makes sense of it.</param>
    /// <param name="cancellationToken">The client goes away.</param>
    /// <exception cref="SluiceException">It is not JSON, or not Unicode.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, Options, cancellationToken);
            return read(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new SluiceException(
                FaultKind.BadRequest, "not-json", $"The body is not JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.", exception);
        }
        catch (InvalidOperationException exception)
        {
            // Texts are only decoded when they are looked at, and this is how the parser then says that one cannot be.
            throw new SluiceException(
                FaultKind.BadRequest, "not-json", "The body has a text that is not Unicode: bytes that are not UTF-8, or half of a surrogate pair.", exception);
        }
    }
}
