namespace Sluice.Adapters.Argo;

/// <summary>What was seen of pods that do not begin, by the id of their node: why, since when, and which were given up.</summary>
internal sealed class StartTroubles(TimeProvider time)
{
    private readonly Dictionary<string, string> _words = [];
    private readonly Dictionary<string, long> _since = [];
    private readonly Dictionary<string, string> _givenUp = [];

    /// <summary>Why a node's pod did not begin; null where nothing is known.</summary>
    public string? Find(string node) => _words.GetValueOrDefault(node);

    /// <summary>What is said of a node's pod that was given up.</summary>
    public string? FindGivenUp(string node) => _givenUp.GetValueOrDefault(node);

    /// <summary>A look at a node's pod that has not begun.</summary>
    /// <returns>Whether that is news.</returns>
    public bool Set(string node, string? words)
    {
        var known = Find(node);
        if (words is null)
        {
            _words.Remove(node);
        }
        else
        {
            _words[node] = words;
        }

        return known != words;
    }

    /// <summary>Says which nodes wait now, and which have begun.</summary>
    public void Wait(IEnumerable<string> waiting, IEnumerable<string> begun)
    {
        foreach (var node in begun)
        {
            _since.Remove(node);
            _words.Remove(node);
        }

        foreach (var node in waiting)
        {
            _since.TryAdd(node, time.GetTimestamp());
        }
    }

    /// <summary>The nodes, of some, that have waited for longer.</summary>
    public IReadOnlyList<string> WaitingFor(TimeSpan longer, IEnumerable<string> of) =>
        [.. of.Where(node => !_givenUp.ContainsKey(node) && _since.TryGetValue(node, out var since) && time.GetElapsedTime(since) >= longer)];

    /// <summary>Gives a node's pod up.</summary>
    public void GiveUp(string node, string words) => _givenUp[node] = words;
}
