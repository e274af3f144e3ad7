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

    /// <summary>
    /// Cycles among the tasks that the order left out, no two of them with a task in common: in each a task waits for the next, and the last for
    /// the first.
    /// </summary>
    public static IEnumerable<IReadOnlyList<int>> FindCycles(
        IReadOnlyList<ImmutableArray<int>> upstream, IReadOnlyList<ImmutableArray<int>> downstream, ImmutableArray<int> order)
    {
        var left = Enumerable.Range(0, upstream.Count).Except(order).ToHashSet();
        var waiting = left.ToDictionary(index => index, index => upstream[index].Count(left.Contains));
        for (var first = 0; first < upstream.Count; first++)
        {
            while (left.Contains(first))
            {
                var cycle = FindCycle(upstream, left, first);
                TakeAway(cycle, downstream, left, waiting);
                yield return cycle;
            }
        }
    }

    // Every task left waits for another that is left, so that walking upstream must come round.
    private static List<int> FindCycle(IReadOnlyList<ImmutableArray<int>> upstream, HashSet<int> left, int first)
    {
        var path = new List<int>();
        var positions = new Dictionary<int, int>();
        for (var at = first; positions.TryAdd(at, path.Count); at = upstream[at].First(left.Contains))
        {
            path.Add(at);
        }

        var last = upstream[path[^1]].First(left.Contains);
        return path[positions[last]..];
    }

    // What only waited for tasks of the cycle goes with them.
    private static void TakeAway(
        List<int> cycle, IReadOnlyList<ImmutableArray<int>> downstream, HashSet<int> left, Dictionary<int, int> waiting)
    {
        var going = new Stack<int>(cycle);
        left.ExceptWith(cycle);
        while (going.TryPop(out var index))
        {
            foreach (var next in downstream[index])
            {
                if (--waiting[next] == 0 && left.Remove(next))
                {
                    going.Push(next);
                }
            }
        }
    }
}
