using System.Globalization;
using System.Text.RegularExpressions;

namespace Sluice.Server.Api;

/// <summary>The header <c>Prefer</c> (RFC 7240): <c>respond-async</c> at once, <c>wait=N</c> after N seconds, both together after N seconds.</summary>
/// <param name="Longest">How long to wait for the end.</param>
/// <param name="Applied">What to answer as <c>Preference-Applied</c>.</param>
internal sealed partial record Preferences(TimeSpan Longest, string Applied)
{
    private const int MaxSeconds = 86_400;

    /// <summary>The preference; null where there is none that is known.</summary>
    public static Preferences? Read(IEnumerable<string?> headers)
    {
        // The first of a name counts; names are compared without case.
        var given = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match preference in Preference().Matches(string.Join(',', headers)))
        {
            given.TryAdd(preference.Groups["name"].Value, preference.Groups["value"].Value);
        }

        var isAsync = given.ContainsKey("respond-async");
        return given.TryGetValue("wait", out var text) && double.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? new Preferences(TimeSpan.FromSeconds(Math.Min(seconds, MaxSeconds)), isAsync ? $"respond-async, wait={text}" : $"wait={text}")
            : isAsync ? new Preferences(TimeSpan.Zero, "respond-async") : null;
    }

    // A name, a value where there is one, and parameters, which none of the known preferences has; a comma in quotes is no end.
    [GeneratedRegex("""\G[\s,]*(?<name>[^\s,;="]+)\s*(?:=\s*(?:"(?<value>[^"]*)"|(?<value>[^\s,;"]*)))?\s*(?:;(?:"[^"]*"|[^,"])*)?(?:,|$)""")]
    private static partial Regex Preference();
}
