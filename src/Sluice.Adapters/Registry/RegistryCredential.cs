using System.Net.Http.Headers;
using System.Text;
using Sluice.Core.Running;

namespace Sluice.Adapters.Registry;

/// <summary>Who asks a registry. A class, since a record would print what it holds.</summary>
internal sealed class RegistryCredential(string user, string secret, bool isIdentityToken)
{
    /// <summary>Whether the secret is a token that is traded for others, and no password.</summary>
    public bool IsIdentityToken => isIdentityToken;

    /// <summary>The secret.</summary>
    public string Secret => secret;

    /// <summary>The header of basic authentication.</summary>
    public AuthenticationHeaderValue Basic => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{secret}")));

    /// <summary>The same for an engine that pulls.</summary>
    /// <param name="server">The registry, as Docker keeps it.</param>
    public ImageCredential For(string server) => new(server, user, secret, isIdentityToken);
}
