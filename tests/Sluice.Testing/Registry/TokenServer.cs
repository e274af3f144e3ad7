using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Sluice.Testing.Registry;

/// <summary>Gives the tokens that a real registry takes, to those who know the password of <see cref="TestRegistry"/>.</summary>
public sealed class TokenServer : IAsyncDisposable
{
    /// <summary>The registry's name here.</summary>
    public const string Service = "test-registry";

    /// <summary>Who signs.</summary>
    public const string Issuer = "test-tokens";

    private readonly TempFolder _folder = new();
    private readonly X509Certificate2 _certificate = TestCertificate.Create();
    private TestServer? _server;

    private TokenServer()
    {
    }

    /// <summary>Where tokens are given.</summary>
    public string Realm => $"http://{Server.Host}/token";

    /// <summary>The path of the certificate that they are signed with.</summary>
    public string Certificate => _folder["cert.pem"];

    /// <summary>The server behind it.</summary>
    public TestServer Server => _server!;

    /// <summary>Starts one.</summary>
    public static async Task<TokenServer> StartAsync()
    {
        var tokens = new TokenServer();
        await File.WriteAllTextAsync(tokens.Certificate, tokens._certificate.ExportCertificatePem());
        tokens._server = await TestServer.StartAsync(tokens.AnswerAsync);
        return tokens;
    }

    /// <summary>A token for whoever needs no server.</summary>
    public string Sign(string repository, params string[] actions)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var header = JsonSerializer.Serialize(new { typ = "JWT", alg = "RS256", x5c = new[] { Convert.ToBase64String(_certificate.RawData) } });
        var claims = JsonSerializer.Serialize(new
        {
            iss = Issuer,
            sub = TestRegistry.User,
            aud = Service,
            exp = now + 300,
            nbf = now - 10,
            iat = now,
            jti = Guid.NewGuid().ToString("n"),
            access = new[] { new { type = "repository", name = repository, actions } },
        });
        var signed = $"{Encode(header)}.{Encode(claims)}";
        using var key = _certificate.GetRSAPrivateKey()!;
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.UTF8.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _certificate.Dispose();
        _folder.Dispose();
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    // A password, or the identity token that stands for it.
    private async Task AnswerAsync(HttpContext context)
    {
        var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{TestRegistry.User}:{TestRegistry.Password}"));
        var fields = context.Request.HasFormContentType
            ? (await context.Request.ReadFormAsync()).ToDictionary(field => field.Key, field => field.Value.ToString())
            : context.Request.Query.ToDictionary(field => field.Key, field => field.Value.ToString());
        if (context.Request.Headers.Authorization != basic && fields.GetValueOrDefault("refresh_token") != TestRegistry.Password)
        {
            context.Response.StatusCode = 401;
            return;
        }

        var repository = fields.GetValueOrDefault("scope", "").Split(':') is ["repository", var name, "pull"] ? name : "none";
        var token = fields.GetValueOrDefault("service") == Service ? Sign(repository, "pull") : "wrong";

        // By both names, since some clients know the one and some the other.
        await context.Response.WriteAsJsonAsync(new { token, access_token = token });
    }
}
