using System.Text;
using System.Text.RegularExpressions;
using Sluice.Core.Jobs;

namespace Sluice.Core.Builds;

/// <summary>
/// A source of <c>COPY</c>, or a line of <c>.dockerignore</c>: Go's <c>filepath.Match</c> with <c>**</c>, anchored at the context's root; what it matches it
/// matches with all below. Source: Docker's reference of Dockerfiles.
/// </summary>
/// <remarks>Matches in time proportional to the path: no pattern makes it hang.</remarks>
internal sealed class ContextPattern
{
    private readonly Regex _regex;

    private ContextPattern(Regex regex, bool isRoot) => (_regex, IsRoot) = (regex, isRoot);

    /// <summary>Whether it is the root itself, and so matches all.</summary>
    public bool IsRoot { get; }

    /// <summary>Reads a pattern.</summary>
    /// <returns>Null for one that is none, which builds refuse too, or that is too large to match with.</returns>
    public static ContextPattern? Parse(string text)
    {
        var parts = new List<string>();
        foreach (var part in text.Split('/').Where(part => part is not ("" or ".")))
        {
            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        try
        {
            var regex = new Regex(Translate(string.Join('/', parts)), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return new ContextPattern(regex, isRoot: parts.Count == 0);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Whether it matches a path, or a folder that the path lies below.</summary>
    public bool IsMatch(RepoPath path) => _regex.IsMatch(path.Value);

    private static string Translate(string pattern)
    {
        var regex = new StringBuilder(@"\A");
        for (var index = 0; index < pattern.Length; index++)
        {
            var rest = pattern.AsSpan(index);
            if (rest.StartsWith("**"))
            {
                // With the slash behind it, it stands for no folder too.
                var isFolder = rest.StartsWith("**/");
                regex.Append(isFolder ? "(.*/)?" : ".*");
                index += isFolder ? 2 : 1;
            }
            else if (rest[0] == '[' && rest.IndexOf(']') is > 0 and var end)
            {
                regex.Append('[').Append(rest[1..end].ToString().Replace("[", @"\[", StringComparison.Ordinal)).Append(']');
                index += end;
            }
            else if (rest[0] == '\\' && rest.Length > 1)
            {
                regex.Append(Regex.Escape(rest[1].ToString()));
                index++;
            }
            else
            {
                regex.Append(rest[0] switch { '*' => "[^/]*", '?' => "[^/]", var letter => Regex.Escape(letter.ToString()) });
            }
        }

        return regex.Append(pattern.Length == 0 ? "" : @"(/.*)?\z").ToString();
    }
}
