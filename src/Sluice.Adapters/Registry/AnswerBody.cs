namespace Sluice.Adapters.Registry;

/// <summary>Reads the bodies of answers, which may be as long as somebody else likes.</summary>
internal static class AnswerBody
{
    /// <summary>As much as a registry takes for a manifest.</summary>
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>The whole body.</summary>
    /// <exception cref="RegistryException">It broke off (Unavailable), or is too long (BadGateway).</exception>
    public static async Task<byte[]> ReadAsync(HttpResponseMessage response, string host, CancellationToken cancellationToken)
    {
        try
        {
            using var body = new MemoryStream();
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[16 * 1024];
            while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                if (body.Length + read > MaxBytes)
                {
                    throw RegistryException.BadAnswer(host, "gave an answer that is too long");
                }

                body.Write(buffer, 0, read);
            }

            return body.ToArray();
        }
        catch (IOException exception)
        {
            throw RegistryFailures.Of(new HttpRequestException(HttpRequestError.ResponseEnded, "The body broke off.", exception), host);
        }
    }
}
