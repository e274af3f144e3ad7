using System.Collections.Immutable;

namespace Sluice.Core.Jobs;

/// <summary>A repository that cannot be planned, with every mistake found in it (contract, "A broken repository").</summary>
public sealed class BrokenRepositoryException(ImmutableArray<Mistake> mistakes)
    : SluiceException(FaultKind.Unprocessable, "broken-repository", Summary(mistakes))
{
    // So many that nobody reads on; what follows is most likely the same mistake again.
    private const int MaxMistakes = 100;

    /// <summary>Every mistake, in the order of the file.</summary>
    public ImmutableArray<Mistake> Mistakes { get; } = mistakes;

    /// <summary>The exception for some mistakes, put in the order of their files.</summary>
    public static BrokenRepositoryException Of(IEnumerable<Mistake> mistakes) => new(
    [
        .. mistakes
            .OrderBy(mistake => mistake.File, StringComparer.Ordinal)
            .ThenBy(mistake => (mistake.Line, mistake.Column))
            .Take(MaxMistakes),
    ]);

    private static string Summary(ImmutableArray<Mistake> mistakes) => mistakes.Length == 1
        ? mistakes[0].ToString()
        : $"{mistakes.Length} mistakes in the repository; the first: {mistakes[0]}";
}
