using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Sluice.Cli.Rendering;

/// <summary>What is printed to a person: names and logs are somebody else's text.</summary>
internal static class Terminal
{
    /// <summary>The width of what has none.</summary>
    public const int DefaultWidth = 80;

    /// <summary>Whether progress can be drawn over itself.</summary>
    public static bool IsLive => !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");

    /// <summary>The width of lines on the standard error; what is no terminal takes lines of any length.</summary>
    public static int ErrorWidth => Console.IsErrorRedirected ? int.MaxValue : Window();

    /// <summary>The width of lines on the standard output.</summary>
    public static int OutputWidth => Console.IsOutputRedirected ? int.MaxValue : Window();

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

    /// <summary>The text on one line, cut to a width in cells: a letter may be two wide, or of no width on top of another.</summary>
    public static string Cut(string text, int width)
    {
        var line = OneLine(text);
        return line.GetCellWidth() <= width ? line : line[..Fitting(line, width - 1)] + "…";
    }

    /// <summary>The name on one line, with its middle left out where it is wider: names often begin alike, and end in what tells them apart.</summary>
    public static string CutMiddle(string name, int width)
    {
        var line = OneLine(name);
        if (line.GetCellWidth() <= width)
        {
            return line;
        }

        var head = line[..Fitting(line, width / 2)];
        var tail = head.Length;
        while (line[tail..].GetCellWidth() > width - 1 - head.GetCellWidth())
        {
            tail += StringInfo.GetNextTextElementLength(line, tail);
        }

        return $"{head}…{line[tail..]}";
    }

    /// <summary>The text on lines of a width, broken between words; what follows the first line is indented. A longer word stays whole.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        var line = OneLine(text);
        var indent = new string(' ', line.Length - line.TrimStart(' ').Length + 2);
        while (line.GetCellWidth() > width)
        {
            var fitting = Fitting(line, width);
            var from = line.Length - line.TrimStart(' ').Length;
            var space = fitting > from ? line.LastIndexOf(' ', Math.Min(fitting, line.Length - 1), fitting - from) : -1;
            space = space >= 0 ? space : line.IndexOf(' ', Math.Max(fitting, from));
            if (space < 0)
            {
                break;
            }

            yield return line[..space].TrimEnd(' ');
            line = indent + line[space..].TrimStart(' ');
        }

        yield return line;
    }

    /// <summary>A length of time as people say it.</summary>
    public static string Show(TimeSpan time) => time.TotalSeconds switch
    {
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms"),
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min"),
    };

    private static int Window() => Console.WindowWidth > 0 ? Console.WindowWidth : DefaultWidth;

    private static string OneLine(string text) => Safe(text.ReplaceLineEndings(" ").Replace('\t', ' '));

    // How many characters fit; never half of a letter.
    private static int Fitting(string line, int width)
    {
        var (length, cells) = (0, 0);
        while (length < line.Length)
        {
            var next = StringInfo.GetNextTextElementLength(line, length);
            cells += line.Substring(length, next).GetCellWidth();
            if (cells > width)
            {
                break;
            }

            length += next;
        }

        return length;
    }

    // Tabs and line feeds are as they are; also the C1 controls and the marks that turn the direction of text.
    private static bool IsDangerous(char character) =>
        (char.IsControl(character) && character is not ('\n' or '\t')) || character is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
