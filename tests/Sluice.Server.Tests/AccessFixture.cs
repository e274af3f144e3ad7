using System.Security.Cryptography;
using System.Text;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>One service with a token of each role for all tests of a class.</summary>
public sealed class AccessFixture : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    public TestService Service { get; private set; } = null!;

    public string TokensFile => _folder["tokens"];

    /// <summary>The line of a token, whose name and text are those of its role unless given.</summary>
    public static string LineOf(string role, string? token = null) =>
        $"{token ?? role} {role} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token ?? role)))}\n";

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(TokensFile, $"# Who may do what\n\n{LineOf("viewer")}{LineOf("runner")}{LineOf("admin")}");
        Service = await TestService.StartAsync(("SLUICE_AUTH__TOKENS_FILE", TokensFile));
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Asks with a header, or without one.</summary>
    public Task<HttpResponseMessage> SendAsync(string method, string path, string? authorization, HttpContent? content = null)
    {
        var message = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        message.Headers.TryAddWithoutValidation("Authorization", authorization);
        return Service.Http.SendAsync(message);
    }
}
