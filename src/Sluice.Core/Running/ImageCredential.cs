namespace Sluice.Core.Running;

/// <summary>Who pulls an image. A class, since a record would print what it holds.</summary>
/// <param name="server">The registry that it is for, by the name under which Docker keeps it: engines send it to no other.</param>
/// <param name="user">The user; nobody where the secret is a token.</param>
/// <param name="secret">The secret.</param>
/// <param name="isIdentityToken">Whether the secret is a token that is traded for others, and no password.</param>
public sealed class ImageCredential(string server, string user, string secret, bool isIdentityToken)
{
    /// <summary>The registry that it is for.</summary>
    public string Server => server;

    /// <summary>The user.</summary>
    public string User => user;

    /// <summary>The secret.</summary>
    public string Secret => secret;

    /// <summary>Whether the secret is a token that is traded for others, and no password.</summary>
    public bool IsIdentityToken => isIdentityToken;
}
