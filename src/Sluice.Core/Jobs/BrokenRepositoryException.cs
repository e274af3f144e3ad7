using System.Collections.Immutable;

namespace Sluice.Core.Jobs;

/// <summary>A repository that cannot be planned, with every mistake found in it (contract, "A broken repository").</summary>
public sealed class BrokenRepositoryException(ImmutableArray<Mistake> mistakes)
    : SluiceException(FaultKind.Unprocessable, "broken-repository", Summary(mistakes))
{
    /// <summary>Every mistake, in the order of the file.</summary>
    public ImmutableArray<Mistake> Mistakes { get; } = mistakes;

    private static string Summary(ImmutableArray<Mistake> mistakes) => mistakes.Length == 1
        ? mistakes[0].ToString()
        : $"{mistakes.Length} mistakes in the repository; the first: {mistakes[0]}";
}
