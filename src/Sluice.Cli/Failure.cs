using Sluice.Client;
using Sluice.Core;
using Sluice.Server.Hosting;

namespace Sluice.Cli;

/// <summary>What went wrong, as the problem that a service would answer.</summary>
internal static class Failure
{
    /// <summary>What is wrong with the arguments.</summary>
    public static ProblemView OfArguments(IEnumerable<string> mistakes) =>
        EmbeddedProblem.Of(new SluiceException(FaultKind.BadRequest, "usage", string.Join(Environment.NewLine, mistakes.Select(WithoutType).Append("See sluice --help."))));

    /// <summary>What an exception says; only one that nothing expects is a defect.</summary>
    public static ProblemView Of(Exception exception) => exception switch
    {
        SluiceException known => EmbeddedProblem.Of(known),
        SluiceApiException answered => answered.Problem,
        IOException or UnauthorizedAccessException => EmbeddedProblem.Of(
            new SluiceException(FaultKind.Unavailable, "input-output", Traced(exception, exception.Message))),
        _ => new ProblemView
        {
            Type = "urn:sluice:problem:internal-error",
            Title = "A defect of Sluice",
            Status = 500,
            Detail = Traced(exception, $"a defect: {exception.Message} (SLUICE_DEBUG=1 shows where)"),
        },
    };

    private static string Traced(Exception exception, string message) =>
        Environment.GetEnvironmentVariable("SLUICE_DEBUG") == "1" ? exception.ToString() : message;

    // The parser names the .NET type that it expected, which is no business of a user's.
    private static string WithoutType(string mistake)
    {
        var type = mistake.IndexOf(" as expected type", StringComparison.Ordinal);
        return type < 0 ? mistake : mistake[..type] + ".";
    }
}
