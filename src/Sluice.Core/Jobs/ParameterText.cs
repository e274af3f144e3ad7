using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Sluice.Core.Jobs;

/// <summary>Writes scalars of <c>params.yaml</c> so that a YAML reader, of version 1.1 or 1.2, takes them for what it took the author's.</summary>
/// <remarks>
/// Readers disagree on what is a number, a boolean or a date (<c>1e5</c>, <c>yes</c>, <c>0o17</c>, <c>1:30</c>). So whatever one of them may take for
/// more than a text stays as the author wrote it, and everything else is quoted.
/// </remarks>
public static partial class ParameterText
{
    /// <summary>A scalar as it stands in a flow collection, also as a key.</summary>
    /// <param name="text">The author's, quotes and escapes resolved.</param>
    /// <param name="isPlain">Whether it had no quotes.</param>
    public static string Of(string text, bool isPlain) =>
        !isPlain || !IsMoreThanText(text) ? Quote(text) : text.Length == 0 ? "null" : text;

    /// <summary>Whether a scalar without quotes may be something else than a text.</summary>
    public static bool IsMoreThanText(string plain) =>
        plain is "" or "~" || Word().IsMatch(plain) || Number().IsMatch(plain) || Timestamp().IsMatch(plain);

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"", text.Length + 2);
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' or '\\' => quoted.Append('\\').Append(character),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                _ when IsLost(character) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}"),
                _ => quoted.Append(character),
            };
        }

        return quoted.Append('"').ToString();
    }

    // What YAML forbids, strips or takes for the end of a line; the rest stays, since readers of YAML make no emoji of two escapes.
    private static bool IsLost(char character) =>
        char.IsControl(character) || character is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF';

    [GeneratedRegex(@"\A(y|n|yes|no|on|off|true|false|null|[-+]?\.inf|\.nan)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"\A[-+]?\.?[0-9][-+.:0-9A-Za-z_]*(?<!:)\z")]
    private static partial Regex Number();

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[ \t]+[0-9][-+.:0-9Z \t]*(?<![: \t])\z")]
    private static partial Regex Timestamp();
}
