using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Sluice.Cli.Rendering;

/// <summary>Results on the standard output: a table for people, or JSON for programs.</summary>
internal static class Output
{
    /// <summary>Prints one JSON document.</summary>
    public static void Json<T>(T value, JsonTypeInfo<T> type) => Console.Out.WriteLine(JsonSerializer.Serialize(value, type));

    /// <summary>Prints a line of a result, on several where the terminal is narrow.</summary>
    public static void Line(string text) => Write(Console.Out, text, Terminal.OutputWidth);

    /// <summary>Prints a line beside the result.</summary>
    public static void Note(string text) => Write(Console.Error, text, Terminal.ErrorWidth);

    /// <summary>Prints what a person should know beside the result.</summary>
    public static void Warnings(IEnumerable<string> warnings) => warnings.ToList().ForEach(warning => Note($"warning: {warning}"));

    /// <summary>Prints a command to copy beside the result: on one line, however narrow the terminal.</summary>
    public static void Command(string what, string command) => Console.Error.WriteLine(Terminal.Safe($"  {what}: {command}"));

    /// <summary>Prints a table without lines, cut to the terminal's width; the last column takes what is left.</summary>
    public static void Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var heading in headings)
        {
            var isLast = heading == headings[^1];
            table.AddColumn(new TableColumn($"[bold]{Markup.Escape(heading)}[/]") { NoWrap = !isLast, Padding = new Padding(0, 0, isLast ? 0 : 2, 0) });
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(cell => new Text(Terminal.Safe(cell)))]);
        }

        Create(Console.Out).Write(table);
    }

    private static void Write(TextWriter writer, string text, int width)
    {
        foreach (var line in text.Split('\n').SelectMany(line => Terminal.Wrap(line, width)))
        {
            writer.WriteLine(line);
        }
    }

    private static IAnsiConsole Create(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = Terminal.DefaultWidth;
        }

        return console;
    }
}
