using System.Collections.Immutable;
using Sluice.Core.Jobs;

namespace Sluice.Core.Builds;

/// <summary>A <c>.dockerignore</c>: what is no part of the build's context. The last line that matches decides.</summary>
internal sealed class IgnoreFile
{
    // Each is made ready to match in about a millisecond.
    private const int MaxLines = 500;

    private readonly ImmutableArray<(ContextPattern Pattern, bool IsException)> _lines;

    private IgnoreFile(ImmutableArray<(ContextPattern Pattern, bool IsException)> lines) => _lines = lines;

    /// <summary>How many lines say something.</summary>
    public int Length => _lines.Length;

    /// <summary>Reads it; lines that are no patterns, or the root, say nothing.</summary>
    /// <returns>Null for one that has too many lines.</returns>
    public static IgnoreFile? Parse(string text)
    {
        if (text.AsSpan().Count('\n') >= MaxLines)
        {
            return null;
        }

        var lines = ImmutableArray.CreateBuilder<(ContextPattern, bool)>();
        foreach (var line in text.TrimStart('\uFEFF').Split('\n').Where(line => !line.StartsWith('#')).Select(line => line.Trim()))
        {
            var isException = line.StartsWith('!');
            var pattern = isException ? line[1..].Trim() : line;
            if (pattern.Length > 0 && ContextPattern.Parse(pattern) is { IsRoot: false } parsed)
            {
                lines.Add((parsed, isException));
            }
        }

        return new IgnoreFile(lines.DrainToImmutable());
    }

    /// <summary>Whether a file is left out.</summary>
    public bool Ignores(RepoPath path)
    {
        for (var index = _lines.Length - 1; index >= 0; index--)
        {
            if (_lines[index].Pattern.IsMatch(path))
            {
                return !_lines[index].IsException;
            }
        }

        return false;
    }
}
