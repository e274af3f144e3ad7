using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Sluice.Adapters.Registry;

/// <summary>Trades a credential, or none, for a token that may pull one repository.</summary>
internal sealed class RegistryTokens(RegistryRequests requests)
{
    private const string Client = "sluice";

    /// <summary>The token as a header.</summary>
    /// <param name="challenge">Where tokens are given.</param>
    /// <param name="name">The image.</param>
    /// <param name="host">The registry, for errors.</param>
    /// <param name="credential">Who asks; null is anybody.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="RegistryException">There is none.</exception>
    public async Task<AuthenticationHeaderValue> FetchAsync(
        Challenge challenge, ImageName name, string host, RegistryCredential? credential, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(challenge.Realm, UriKind.Absolute, out var realm) || realm.UserInfo.Length > 0
            || !(realm.Scheme == Uri.UriSchemeHttps || (realm.Scheme == Uri.UriSchemeHttp && requests.IsInsecure(realm))))
        {
            throw RegistryException.BadAnswer(host, "names no place with TLS that gives tokens");
        }

        var fields = new Dictionary<string, string> { ["scope"] = $"repository:{name.Repository}:pull" };
        if (challenge.Service is { } service)
        {
            fields["service"] = service;
        }

        using var response = credential is { IsIdentityToken: true }
            ? await requests.SendAsync(() => Trade(realm, fields, credential), authorization: null, cancellationToken)
            : await requests.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, WithQuery(realm, fields)), credential?.Basic, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            // Whoever is not known here is not told whether the repository is.
            var status = response.StatusCode == HttpStatusCode.NotFound ? HttpStatusCode.BadRequest : response.StatusCode;
            throw RegistryFailures.Of(status, name, realm.IdnHost, credential is not null);
        }

        var body = await AnswerBody.ReadAsync(response, realm.IdnHost, cancellationToken);
        return Read(body) is { } token
            ? new AuthenticationHeaderValue("Bearer", token)
            : throw RegistryException.BadAnswer(realm.IdnHost, "gave no token");
    }

    private static HttpRequestMessage Trade(Uri realm, Dictionary<string, string> fields, RegistryCredential credential) => new(HttpMethod.Post, realm)
    {
        Content = new FormUrlEncodedContent(new Dictionary<string, string>(fields)
        {
            ["grant_type"] = "refresh_token",
            ["client_id"] = Client,
            ["refresh_token"] = credential.Secret,
        }),
    };

    private static Uri WithQuery(Uri realm, Dictionary<string, string> fields)
    {
        var query = string.Join('&', fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));
        return new UriBuilder(realm) { Query = realm.Query.Length > 1 ? $"{realm.Query[1..]}&{query}" : query }.Uri;
    }

    // What is no token by its characters would become another header.
    private static string? Read(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var token = Text(json.RootElement, "token") ?? Text(json.RootElement, "access_token");
            return token is not null && token.All(letter => letter is > ' ' and < (char)127) ? token : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text ? text : null;
}
