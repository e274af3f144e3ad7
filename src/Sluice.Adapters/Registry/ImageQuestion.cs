using System.Net;
using System.Net.Http.Headers;
using Sluice.Core;
using Sluice.Core.Results;

namespace Sluice.Adapters.Registry;

/// <summary>The conversation with a registry about one image.</summary>
internal sealed class ImageQuestion(ImageName name, RegistryRequests requests, DockerConfig config)
{
    private Uri _server = new($"https://{name.Authority}");
    private AuthenticationHeaderValue? _authorization;
    private RegistryCredential? _credential;
    private bool _hasAsked;

    private string Host => _server.IdnHost;

    /// <summary>What the registry says of the tag, without its manifest: that is what many registries count.</summary>
    /// <returns>The digest and the media type, where it says them.</returns>
    /// <exception cref="RegistryException">It says nothing.</exception>
    public async Task<(Digest? Digest, string? MediaType)> LookAsync(CancellationToken cancellationToken)
    {
        using var response = await AskAsync(HttpMethod.Head, name.Tag, cancellationToken);
        if (response.StatusCode is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented)
        {
            return (null, null);
        }

        Check(response);
        return (DigestOf(response), response.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>The manifest behind the tag, or behind a digest; it is what its digest says.</summary>
    /// <exception cref="RegistryException">It is not to be had.</exception>
    public async Task<(byte[] Body, Digest Digest)> ReadAsync(Digest? digest, CancellationToken cancellationToken)
    {
        using var response = await AskAsync(HttpMethod.Get, digest?.ToString() ?? name.Tag, cancellationToken);
        Check(response);
        var body = await AnswerBody.ReadAsync(response, Host, cancellationToken);
        var actual = Digest.Of(body);
        return actual == (digest ?? DigestOf(response) ?? actual)
            ? (body, actual)
            : throw RegistryException.BadAnswer(Host, "gave other bytes than its digest says");
    }

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string reference, CancellationToken cancellationToken)
    {
        var response = await SendAsync(method, reference, cancellationToken);

        // A server that the registry led to has nothing of the registry's to ask for.
        if (response.StatusCode != HttpStatusCode.Unauthorized || _authorization is not null
            || !RegistryRequests.IsSameServer(_server, response.RequestMessage!.RequestUri!)
            || Challenge.Of(response.Headers.WwwAuthenticate) is not { } challenge)
        {
            return response;
        }

        response.Dispose();
        _credential = await config.FindAsync(name, cancellationToken);
        _authorization = challenge.Scheme == "bearer" ? await new RegistryTokens(requests).FetchAsync(challenge, name, Host, _credential, cancellationToken)
            : _credential is { IsIdentityToken: false } ? _credential.Basic
            : throw RegistryFailures.Of(HttpStatusCode.Unauthorized, name, Host, hasCredential: false);
        return await SendAsync(method, reference, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string reference, CancellationToken cancellationToken)
    {
        try
        {
            var response = await requests.SendAsync(() => Request(method, reference), _authorization, cancellationToken);
            _hasAsked = true;
            return response;
        }
        catch (RegistryException exception) when (exception is { Fault: FaultKind.Unavailable, InnerException: HttpRequestException } && !_hasAsked && requests.IsInsecure(_server))
        {
            // As Docker does it: TLS first, and without it where that is not spoken.
            _hasAsked = true;
            _server = new Uri($"http://{name.Authority}");
            return await requests.SendAsync(() => Request(method, reference), _authorization, cancellationToken);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string reference)
    {
        var request = new HttpRequestMessage(method, new Uri(_server, $"/v2/{name.Repository}/manifests/{reference}"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("sluice", null));
        foreach (var mediaType in ImageManifest.MediaTypes)
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(mediaType));
        }

        return request;
    }

    private void Check(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw RegistryFailures.Of(response.StatusCode, name, response.RequestMessage!.RequestUri!.IdnHost, _credential is not null);
        }
    }

    private Digest? DigestOf(HttpResponseMessage response) =>
        !response.Headers.TryGetValues("Docker-Content-Digest", out var values) ? null
        : values.ToList() is [var text] && text.StartsWith("sha256:", StringComparison.Ordinal) && Digest.TryParse(text, out var digest) ? digest
        : throw RegistryException.BadAnswer(Host, "gave a digest that is none of SHA-256");
}
