using Sluice.Client;
using Sluice.Core;
using Sluice.Core.Jobs;

namespace Sluice.Cli.Rendering;

/// <summary>Prints an error: one clear message, with every mistake where there are several.</summary>
internal static class ErrorText
{
    /// <summary>Prints what the embedded Sluice says.</summary>
    public static void Write(SluiceException exception)
    {
        if (exception is BrokenRepositoryException broken)
        {
            WriteMistakes([.. broken.Mistakes.Select(mistake => mistake.ToString())], "repository");
        }
        else
        {
            Console.Error.WriteLine(Terminal.Safe($"sluice: {exception.Message}"));
        }
    }

    /// <summary>Prints what is wrong with the arguments.</summary>
    public static void Write(IEnumerable<string> mistakes)
    {
        foreach (var mistake in mistakes)
        {
            // The parser names the .NET type that it expected, which is no business of a user's.
            var type = mistake.IndexOf(" as expected type", StringComparison.Ordinal);
            Console.Error.WriteLine(Terminal.Safe($"sluice: {(type < 0 ? mistake : mistake[..type] + ".")}"));
        }
    }

    /// <summary>Prints what a service says.</summary>
    public static void Write(ProblemView problem)
    {
        if (problem.Errors is { Count: > 0 } mistakes)
        {
            WriteMistakes(
                [.. mistakes.Select(it => new Mistake(it.File ?? it.Field ?? "request", it.Line, it.Column, it.Problem, it.Advice).ToString())],
                mistakes.All(it => it.File is null) ? "request" : "repository");
        }
        else
        {
            Console.Error.WriteLine(Terminal.Safe($"sluice: {problem.Detail ?? problem.Title}"));
        }
    }

    private static void WriteMistakes(IReadOnlyList<string> mistakes, string place)
    {
        foreach (var mistake in mistakes)
        {
            Console.Error.WriteLine(Terminal.Safe(mistake));
        }

        Console.Error.WriteLine(mistakes.Count == 1 ? $"sluice: one mistake in the {place}" : $"sluice: {mistakes.Count} mistakes in the {place}");
    }
}
