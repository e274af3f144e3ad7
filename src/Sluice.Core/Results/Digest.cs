using System.Security.Cryptography;
using System.Text;

namespace Sluice.Core.Results;

/// <summary>The SHA-256 of some bytes, as 64 lower-case hexadecimal digits.</summary>
public readonly record struct Digest : IComparable<Digest>
{
    private Digest(string hex) => Hex = hex;

    /// <summary>The digits.</summary>
    public string Hex { get; }

    /// <summary>Takes the 32 bytes of a finished hash.</summary>
    public static Digest FromHash(ReadOnlySpan<byte> hash) => new(Convert.ToHexStringLower(hash));

    /// <summary>Hashes bytes in memory.</summary>
    public static Digest Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return FromHash(hash);
    }

    /// <summary>Hashes the UTF-8 form of a text.</summary>
    public static Digest Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>Reads 64 digits, with or without <c>sha256:</c> before them.</summary>
    public static bool TryParse(string? text, out Digest digest)
    {
        const string Prefix = "sha256:";
        var hex = text is not null && text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text;
        var legal = hex is { Length: 64 } && hex.All(char.IsAsciiHexDigitLower);
        digest = legal ? new Digest(hex!) : default;
        return legal;
    }

    /// <summary>Reads what <see cref="ToString"/> or <see cref="Hex"/> gave.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static Digest Parse(string text) =>
        TryParse(text, out var digest) ? digest : throw new FormatException("Not a SHA-256 digest.");

    /// <inheritdoc/>
    public int CompareTo(Digest other) => string.CompareOrdinal(Hex, other.Hex);

    /// <summary>With its algorithm: <c>sha256:…</c>.</summary>
    public override string ToString() => $"sha256:{Hex}";
}
