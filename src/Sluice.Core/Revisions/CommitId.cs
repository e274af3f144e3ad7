namespace Sluice.Core.Revisions;

/// <summary>The full id of a commit: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits.</summary>
public readonly record struct CommitId
{
    private CommitId(string value) => Value = value;

    /// <summary>The digits.</summary>
    public string Value { get; }

    /// <summary>The first seven digits, for people and for image tags.</summary>
    public string Short => Value[..7];

    /// <summary>Checks a full id.</summary>
    public static bool TryParse(string? text, out CommitId id)
    {
        var legal = text is { Length: 40 or 64 } && text.All(char.IsAsciiHexDigitLower);
        id = legal ? new CommitId(text!) : default;
        return legal;
    }

    /// <summary>Takes an id that git printed.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static CommitId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException("Not a commit id.");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
