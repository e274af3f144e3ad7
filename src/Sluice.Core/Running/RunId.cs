namespace Sluice.Core.Running;

/// <summary>The id of a run: 26 characters of <c>0-9a-z</c> that sort by time of creation.</summary>
public readonly record struct RunId : IComparable<RunId>
{
    private const string Digits = "0123456789abcdefghjkmnpqrstvwxyz";

    private RunId(string value) => Value = value;

    /// <summary>The characters; safe in a file name and in a URL.</summary>
    public string Value { get; }

    /// <summary>A new id: a ULID in lower case, 48 bits of milliseconds and 80 random ones.</summary>
    public static RunId New(DateTimeOffset now)
    {
        Span<byte> random = stackalloc byte[10];
        System.Security.Cryptography.RandomNumberGenerator.Fill(random);
        var bits = (UInt128)(ulong)now.ToUnixTimeMilliseconds();
        foreach (var octet in random)
        {
            bits = (bits << 8) | octet;
        }

        return new RunId(string.Create(26, bits, static (span, rest) =>
        {
            for (var index = span.Length - 1; index >= 0; index--)
            {
                span[index] = Digits[(int)(rest & 31)];
                rest >>= 5;
            }
        }));
    }

    /// <summary>Checks an id from outside.</summary>
    public static bool TryParse(string? text, out RunId id)
    {
        var legal = text is { Length: 26 } && text.All(Digits.Contains);
        id = legal ? new RunId(text!) : default;
        return legal;
    }

    /// <summary>Reads an id that was stored.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static RunId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException("Not a run id.");

    /// <inheritdoc/>
    public int CompareTo(RunId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
