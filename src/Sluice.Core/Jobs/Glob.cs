namespace Sluice.Core.Jobs;

/// <summary>A pattern over paths of a repository: anchored at the root, <c>*</c> and <c>?</c> stop at '/', <c>**</c> crosses it.</summary>
/// <remarks>Matches in time proportional to pattern times path: no pattern makes it hang.</remarks>
public sealed class Glob
{
    private readonly string[] _parts;

    private Glob(string pattern) => (Pattern, _parts) = (pattern, pattern.Split('/'));

    /// <summary>As written.</summary>
    public string Pattern { get; }

    /// <summary>The folder that every match lies below, or null for the root.</summary>
    public RepoPath? Folder
    {
        get
        {
            var plain = _parts[..^1].TakeWhile(part => part.AsSpan().IndexOfAny('*', '?') < 0).ToList();
            return plain.Count == 0 ? null : RepoPath.Trusted(string.Join('/', plain));
        }
    }

    /// <summary>Checks a pattern.</summary>
    /// <returns>Null when it is right, else what is wrong with it, as the end of a sentence.</returns>
    public static string? Check(string pattern, out Glob? glob)
    {
        var wrong = RepoPath.Check(pattern.Replace('*', 'x').Replace('?', 'x'), out _)
            ?? (pattern.EndsWith('/') ? "ends in '/'; write 'folder/**' for all below it" : null);
        glob = wrong is null ? new Glob(pattern) : null;
        return wrong;
    }

    /// <summary>Whether the whole path fits.</summary>
    public bool IsMatch(RepoPath path)
    {
        var parts = path.Value.Split('/');

        // reach[j]: the pattern up to here fits the first j parts of the path.
        var reach = new bool[parts.Length + 1];
        reach[0] = true;
        foreach (var pattern in _parts)
        {
            var next = new bool[parts.Length + 1];
            for (var index = 0; index <= parts.Length; index++)
            {
                next[index] = pattern == "**"
                    ? reach[index] || (index > 0 && next[index - 1])
                    : index > 0 && reach[index - 1] && IsPartMatch(pattern, parts[index - 1]);
            }

            reach = next;
        }

        return reach[^1];
    }

    // The classic two-pointer match: on a mismatch only the last star has to give way.
    private static bool IsPartMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var (p, t, star, mark) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, mark) = (p++, t);
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t]))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++mark;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }
}
