using System.Globalization;
using System.Text;

namespace Sluice.Adapters.Yaml;

/// <summary>Quotes texts from outside in messages: cut where they are long, control characters made visible.</summary>
internal static class Show
{
    private const int MaxLength = 120;

    /// <summary>The text, safe to print.</summary>
    public static string Text(string text)
    {
        var shown = new StringBuilder();
        foreach (var character in text.Take(MaxLength))
        {
            if (char.IsControl(character))
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            }
            else
            {
                shown.Append(character);
            }
        }

        return text.Length > MaxLength ? shown + "…" : shown.ToString();
    }
}
