using System.Collections.Immutable;

namespace Sluice.Core.Jobs;

/// <summary>Collects mistakes in <c>dependencies.yaml</c>; one that several tasks share, by an alias or by the defaults, counts once.</summary>
public sealed class FoundMistakes
{
    // Far more than are shown, and no more than fit in memory.
    private const int MaxKept = 10_000;

    private readonly HashSet<(SourcePosition, string)> _known = [];
    private readonly List<Mistake> _all = [];

    /// <summary>Every mistake, as they were found.</summary>
    public ImmutableArray<Mistake> All => [.. _all];

    /// <summary>How many were reported, those included that are not kept.</summary>
    public int Reports { get; private set; }

    /// <summary>Adds one.</summary>
    /// <param name="at">Its place.</param>
    /// <param name="owner">How its owner is called: <c>Task 'x'</c> or <c>$job</c>; empty where the problem says it.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="advice">What would be right.</param>
    public void Add(SourcePosition at, string owner, string problem, string advice)
    {
        Reports++;
        if (_all.Count < MaxKept && _known.Add((at, problem)))
        {
            _all.Add(new Mistake(Manifest.FileName, at.Line, at.Column, owner.Length == 0 ? problem : $"{owner}: {problem}", advice));
        }
    }
}
