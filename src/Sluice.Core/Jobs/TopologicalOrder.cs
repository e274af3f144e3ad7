using System.Collections.Immutable;

namespace Sluice.Core.Jobs;

/// <summary>Sorts tasks so that every task comes after those it waits for (Kahn 1962); among equals the order of the file holds.</summary>
internal static class TopologicalOrder
{
    /// <summary>The order; shorter than the list where there is a cycle.</summary>
    public static ImmutableArray<int> Of(IReadOnlyList<ImmutableArray<int>> upstream, IReadOnlyList<ImmutableArray<int>> downstream)
    {
        var waiting = upstream.Select(list => list.Length).ToArray();
        var ready = new PriorityQueue<int, int>();
        for (var index = 0; index < waiting.Length; index++)
        {
            if (waiting[index] == 0)
            {
                ready.Enqueue(index, index);
            }
        }

        var order = ImmutableArray.CreateBuilder<int>(waiting.Length);
        while (ready.TryDequeue(out var index, out _))
        {
            order.Add(index);
            foreach (var next in downstream[index])
            {
                if (--waiting[next] == 0)
                {
                    ready.Enqueue(next, next);
                }
            }
        }

        return order.DrainToImmutable();
    }

    /// <summary>One cycle among the tasks that the order left out: each waits for the next, the last for the first.</summary>
    public static IReadOnlyList<int> FindCycle(IReadOnlyList<ImmutableArray<int>> upstream, ImmutableArray<int> order)
    {
        // Every task left out waits for another that is left out, so that walking upstream must come round.
        var sorted = order.ToHashSet();
        var path = new List<int>();
        var positions = new Dictionary<int, int>();
        var at = Enumerable.Range(0, upstream.Count).First(index => !sorted.Contains(index));
        while (positions.TryAdd(at, path.Count))
        {
            path.Add(at);
            at = upstream[at].First(index => !sorted.Contains(index));
        }

        return path[positions[at]..];
    }
}
