using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Sluice.Cli.Rendering;

/// <summary>Results on the standard output: a table for people, or JSON for programs.</summary>
internal static class Output
{
    private const int DefaultWidth = 80;

    /// <summary>Prints one JSON document.</summary>
    public static void Json<T>(T value, JsonTypeInfo<T> type) => Console.Out.WriteLine(JsonSerializer.Serialize(value, type));

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

    private static IAnsiConsole Create(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = DefaultWidth;
        }

        return console;
    }
}
