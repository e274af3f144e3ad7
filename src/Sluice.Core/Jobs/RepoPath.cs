using System.Text;

namespace Sluice.Core.Jobs;

/// <summary>A path inside a repository or a data folder: relative, '/' between its parts, none of them '.' or '..'.</summary>
/// <remarks>Compared ordinally, byte for byte, as git does.</remarks>
public readonly record struct RepoPath : IComparable<RepoPath>
{
    /// <summary>The longest path, in bytes of UTF-8.</summary>
    public const int MaxLength = 1024;

    /// <summary>The longest part of a path that a file system takes, in bytes of UTF-8.</summary>
    private const int MaxPartLength = 255;

    private const int MaxBytesOfChar = 3;

    private RepoPath(string value) => Value = value;

    /// <summary>The path, without a slash at either end.</summary>
    public string Value { get; }

    /// <summary>Takes a path that git or an earlier check has already vouched for.</summary>
    public static RepoPath Trusted(string value) => new(value);

    /// <summary>Checks a path from outside; a single final '/' is dropped.</summary>
    /// <returns>Null when the path is right, else what is wrong with it, as the end of a sentence.</returns>
    public static string? Check(string text, out RepoPath path)
    {
        path = default;
        var trimmed = text.EndsWith('/') ? text[..^1] : text;
        if (trimmed.Length == 0)
        {
            return "is empty";
        }

        if (trimmed[0] == '/')
        {
            return "is absolute";
        }

        if (IsLonger(trimmed, MaxLength))
        {
            return $"is longer than {MaxLength:N0} bytes";
        }

        if (trimmed.Contains('\\', StringComparison.Ordinal))
        {
            return "has a backslash";
        }

        if (trimmed.Any(char.IsControl))
        {
            return "has a control character";
        }

        foreach (var part in trimmed.Split('/'))
        {
            switch (part)
            {
                case "":
                    return "has an empty part";
                case "." or "..":
                    return $"has a '{part}' in it";
                case { } when IsLonger(part, MaxPartLength):
                    return $"has a part of more than {MaxPartLength} bytes";
            }
        }

        path = new RepoPath(trimmed);
        return null;
    }

    /// <summary>The path below a folder.</summary>
    public RepoPath In(RepoPath folder) => new($"{folder.Value}/{Value}");

    /// <summary>Whether the path lies below the folder.</summary>
    public bool IsBelow(RepoPath folder) =>
        Value.Length > folder.Value.Length + 1
        && Value[folder.Value.Length] == '/'
        && Value.StartsWith(folder.Value, StringComparison.Ordinal);

    /// <summary>The path relative to a folder that it lies below.</summary>
    public RepoPath RelativeTo(RepoPath folder) => new(Value[(folder.Value.Length + 1)..]);

    /// <inheritdoc/>
    public int CompareTo(RepoPath other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static bool IsLonger(string text, int bytes) => text.Length > bytes / MaxBytesOfChar && Encoding.UTF8.GetByteCount(text) > bytes;
}
