using Sluice.Client;
using Sluice.Core.Jobs;

namespace Sluice.Cli.Rendering;

/// <summary>Prints an error: one clear message, with every mistake where there are several, and the whole problem for a script that wants JSON.</summary>
internal static class ErrorText
{
    /// <summary>Prints it.</summary>
    /// <returns>The exit status.</returns>
    public static int Write(ProblemView problem, IReadOnlyCollection<string> args)
    {
        if (problem.Errors is { Count: > 0 } mistakes)
        {
            foreach (var mistake in mistakes)
            {
                Output.Note(new Mistake(mistake.File ?? mistake.Field ?? "request", mistake.Line, mistake.Column, mistake.Problem, mistake.Advice).ToString());
            }

            var place = mistakes.All(mistake => mistake.File is null) ? "request" : "repository";
            Console.Error.WriteLine(mistakes.Count == 1 ? $"sluice: one mistake in the {place}" : $"sluice: {mistakes.Count} mistakes in the {place}");
        }
        else
        {
            foreach (var line in (problem.Detail ?? problem.Title).Split(Environment.NewLine))
            {
                Output.Note($"sluice: {line}");
            }
        }

        if (args.Contains(GlobalOptions.Json.Name) && problem.Type != StandardStream.Problem)
        {
            Output.Json(problem, ClientJson.Default.ProblemView);
        }

        return problem.Status >= 500 ? ExitCodes.Outside : ExitCodes.Mistake;
    }
}
