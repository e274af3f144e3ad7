namespace Sluice.Server.Access;

/// <summary>A token that is good: whose it is, and the SHA-256 by which it is known. The token itself is nowhere.</summary>
internal sealed record AccessToken(string Name, Role Role, byte[] Digest);
