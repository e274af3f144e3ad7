namespace Sluice.Client;

/// <summary>The service (or the embedded one) said no, or did not answer.</summary>
public sealed class SluiceApiException(ProblemView problem, Exception? innerException = null)
    : Exception(problem.Detail ?? problem.Title, innerException)
{
    /// <summary>What it said; status 503 where nothing answered.</summary>
    public ProblemView Problem { get; } = problem;
}
