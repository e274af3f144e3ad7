using Sluice.Core.Running;

namespace Sluice.Core.Clusters;

/// <summary>
/// The fingerprints that one run computes right now: another that needs the same waits for it. A run that waits has none, so that no two wait for each
/// other.
/// </summary>
internal sealed class RunTurns(InFlight inFlight, Run run, ExecutionBoard board)
{
    private readonly Dictionary<int, InFlight.Turn> _turns = [];

    /// <summary>Takes the turns of tasks that were described.</summary>
    /// <returns>The tasks that another run computes, as far as its result may stand for them.</returns>
    public List<ExecutionNode> Take(IEnumerable<ExecutionNode> nodes)
    {
        var others = new List<ExecutionNode>();
        foreach (var node in nodes.Where(node => !Has(node)))
        {
            if (inFlight.TryEnter(run.Job, node.Fingerprint) is { } turn)
            {
                _turns.Add(node.Task.Index, turn);
            }
            else if (board.MayTakeOver(node))
            {
                others.Add(node);
            }
        }

        return others;
    }

    /// <summary>Whether it is this run's turn.</summary>
    public bool Has(ExecutionNode node) => _turns.ContainsKey(node.Task.Index);

    /// <summary>Lets others have the turns of tasks that are at their end, or of all but some.</summary>
    public void Release(Func<int, bool> isKept)
    {
        foreach (var index in _turns.Keys.Where(index => !isKept(index) || board.Find(index) is not { State: TaskState.Pending }).ToList())
        {
            _turns.Remove(index, out var turn);
            turn!.Dispose();
        }
    }

    /// <summary>Waits until other runs are done with tasks, whatever came of them.</summary>
    public async Task WaitAsync(IEnumerable<ExecutionNode> others, CancellationToken cancellationToken)
    {
        Release(_ => false);
        foreach (var node in others)
        {
            (await inFlight.EnterAsync(run.Job, node.Fingerprint, cancellationToken)).Dispose();
        }
    }
}
