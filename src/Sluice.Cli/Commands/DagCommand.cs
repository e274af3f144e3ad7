using System.CommandLine;
using Sluice.Cli.Rendering;
using Sluice.Client;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice dag</c>: the graph of the job.</summary>
internal static class DagCommand
{
    private static readonly Option<string> Format = new("--format") { Description = "text, dot, mermaid or json", HelpName = "FORMAT", DefaultValueFactory = _ => "text" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Format.AcceptOnlyFromAmong("text", "dot", "mermaid", "json");
        var command = new Command("dag", "Show the graph of the job") { Format, RunCommand.Ref, RunLookup.Drawn };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var session = await Session.OpenToDrawAsync(parsed, cancellationToken);
        var graph = await GraphAsync(parsed, session, cancellationToken);
        var format = parsed.GetValue(GlobalOptions.Json) ? "json" : parsed.GetValue(Format);
        switch (format)
        {
            case "json":
                Output.Json(graph, ClientJson.Default.GraphView);
                break;
            case "dot":
                WriteDot(graph);
                break;
            case "mermaid":
                WriteMermaid(graph);
                break;
            default:
                WriteText(graph);
                break;
        }

        return ExitCodes.Done;
    }

    private static async Task<GraphView> GraphAsync(ParseResult parsed, Session session, CancellationToken cancellationToken)
    {
        if (session.Embedded is null || parsed.GetValue(RunLookup.Drawn) is not null)
        {
            return await session.Api.GraphAsync(await RunLookup.FindDrawnAsync(parsed, session.Api, cancellationToken), cancellationToken);
        }

        var target = await Target.FindAsync(parsed, cancellationToken);
        Notes.Write(target, parsed.GetValue(RunCommand.Ref));
        return await session.Embedded.Api.GraphOfAsync(await target.RequestAsync(parsed.GetValue(RunCommand.Ref), cancellationToken), cancellationToken);
    }

    private static void WriteText(GraphView graph)
    {
        foreach (var task in graph.Tasks)
        {
            var inputs = task.Inputs.Count == 0 ? "" : $"  <- {string.Join(", ", task.Inputs)}";
            Output.Line(task.Name);
            if (inputs.Length > 0)
            {
                Output.Line(inputs);
            }

            Output.Line(task.Outputs.Count == 0 ? "  -> (effect)" : $"  -> {string.Join(", ", task.Outputs)}");
        }

        Output.Line($"{graph.Tasks.Count} task(s)");
    }

    private static void WriteDot(GraphView graph)
    {
        Console.Out.WriteLine("digraph job {");
        Console.Out.WriteLine("  rankdir=LR; node [shape=box];");
        foreach (var task in graph.Tasks)
        {
            Console.Out.WriteLine($"  {Quote(task.Name)};");
            foreach (var upstream in task.Upstream)
            {
                Console.Out.WriteLine($"  {Quote(upstream)} -> {Quote(task.Name)};");
            }
        }

        Console.Out.WriteLine("}");
    }

    private static void WriteMermaid(GraphView graph)
    {
        var numbers = graph.Tasks.Select((task, index) => (task.Name, index)).ToDictionary(pair => pair.Name, pair => pair.index);
        Console.Out.WriteLine("flowchart LR");
        foreach (var task in graph.Tasks)
        {
            Console.Out.WriteLine($"  t{numbers[task.Name]}[\"{Terminal.Safe(task.Name).Replace("\"", "#quot;", StringComparison.Ordinal)}\"]");
            foreach (var upstream in task.Upstream)
            {
                Console.Out.WriteLine($"  t{numbers[upstream]} --> t{numbers[task.Name]}");
            }
        }
    }

    // All that a DOT string escapes: https://graphviz.org/doc/info/lang.html
    private static string Quote(string text) =>
        $"\"{Terminal.Safe(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
