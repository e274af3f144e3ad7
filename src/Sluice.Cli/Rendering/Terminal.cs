using System.Globalization;
using System.Text;

namespace Sluice.Cli.Rendering;

/// <summary>What is printed to a person: names and logs are somebody else's text.</summary>
internal static class Terminal
{
    /// <summary>Whether progress can be drawn over itself.</summary>
    public static bool IsLive => !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");

    /// <summary>The text with control characters made visible, so that it cannot steer the terminal.</summary>
    public static string Safe(string text)
    {
        if (!text.Any(IsDangerous))
        {
            return text;
        }

        var safe = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            if (IsDangerous(character))
            {
                safe.Append(character == '\u001b' ? "␛" : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"));
            }
            else
            {
                safe.Append(character);
            }
        }

        return safe.ToString();
    }

    /// <summary>The text on one line, cut to a width.</summary>
    public static string Cut(string text, int width)
    {
        var line = Safe(text.ReplaceLineEndings(" "));
        return line.Length <= width ? line : line[..Math.Max(0, width - 1)] + "…";
    }

    /// <summary>A length of time as people say it.</summary>
    public static string Show(TimeSpan time) => time.TotalSeconds switch
    {
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms"),
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min"),
    };

    // Tabs and line feeds are as they are; also the C1 controls and the marks that turn the direction of text.
    private static bool IsDangerous(char character) =>
        (char.IsControl(character) && character is not ('\n' or '\t')) || character is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
