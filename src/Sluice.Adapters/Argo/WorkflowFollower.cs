using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Sluice.Core;
using Sluice.Core.Clusters;

namespace Sluice.Adapters.Argo;

/// <summary>Follows one workflow to its end: what Argo says of it, and beside that the pods that do not begin.</summary>
internal sealed partial class WorkflowFollower(
    WorkflowOrder order, WorkflowOptions options, FollowPace pace, ClusterCalls calls, StartTroubles troubles, TimeProvider time, ILogger logger)
{
    /// <summary>Stands for the Workflow as a whole among the ids of nodes, as long as Argo has not begun with it.</summary>
    private const string Whole = "";

    private readonly StatusReader _reader = new(order);
    private readonly PodLook _look = new(order.Name, calls.Api, troubles);
    private IReadOnlyList<string> _waiting = [];
    private long? _looked;
    private long? _stopped;

    /// <summary>What is known, anew at each change, until the end.</summary>
    public async IAsyncEnumerable<WorkflowStatus> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var watch = new WorkflowWatch(order.Name, calls, pace, time);
        var next = watch.NextAsync(end.Token);
        try
        {
            for (WorkflowObject? last = null; ;)
            {
                await WaitAsync(next, cancellationToken);
                var isNew = next.IsCompleted;
                // What has come meanwhile is told in one.
                while (next.IsCompleted)
                {
                    if (await next is not { } found)
                    {
                        yield return Gone(last);
                        yield break;
                    }

                    last = found;
                    if (StatusReader.IsEnd(found.Status?.Phase))
                    {
                        yield return Read(found);
                        yield break;
                    }

                    next = watch.NextAsync(end.Token);
                }

                if (await LookAsync(last!, isNew, cancellationToken))
                {
                    var status = Read(last!);
                    yield return status;
                    if (status.IsEnded)
                    {
                        yield break;
                    }
                }

                await Task.Delay(pace.Statuses, time, cancellationToken);
            }
        }
        finally
        {
            await end.CancelAsync();
            // Its end only: what it throws is for nobody any more.
            await Task.WhenAny(next);
        }
    }

    // A state may be skipped, and a pod may wait without anything being said of it: while one does, it is looked at from time to time.
    private async Task WaitAsync(Task next, CancellationToken cancellationToken)
    {
        try
        {
            await next.WaitAsync(_waiting.Count > 0 || _stopped is not null ? pace.Pods : Timeout.InfiniteTimeSpan, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Nothing new.
        }
    }

    private async Task<bool> LookAsync(WorkflowObject last, bool isNew, CancellationToken cancellationToken)
    {
        if (isNew)
        {
            Note(last);
        }

        var hasNews = isNew;
        if (_waiting.Count > 0 && (_looked is null || time.GetElapsedTime(_looked.Value) >= pace.Pods))
        {
            _looked = time.GetTimestamp();
            hasNews |= await _look.LookAsync(cancellationToken);
        }

        if (troubles.WaitingFor(options.StartTimeout, _waiting) is { Count: > 0 } late)
        {
            await GiveUpAsync(late, last, cancellationToken);
            hasNews = true;
        }

        return hasNews || IsOverdue;
    }

    private void Note(WorkflowObject last)
    {
        var nodes = NodeList.Of(last.Status ?? new WorkflowState()).Nodes.Where(node => node.Type == "Pod").ToList();
        var waiting = nodes.Where(node => node.Phase == "Pending").ToList();
        _waiting = last.Status?.Phase is null or "" ? [Whole] : [.. waiting.Select(node => node.Id)];
        troubles.Wait(_waiting, nodes.Where(node => node.Phase is "Running" or "Succeeded").Select(node => node.Id));
        foreach (var node in waiting)
        {
            // A pod says more than its node: that is only for want of a look at the pod.
            if (troubles.Find(node.Id) is null && StartWords.OfNode(node.Message) is { } words)
            {
                troubles.Set(node.Id, words);
            }
        }
    }

    private bool IsOverdue => _stopped is { } since && time.GetElapsedTime(since) >= pace.End;

    // Argo would wait for such a pod for ever: its deadlines count from the start.
    private async Task GiveUpAsync(IReadOnlyList<string> late, WorkflowObject last, CancellationToken cancellationToken)
    {
        var nodes = NodeList.Of(last.Status ?? new WorkflowState()).Nodes;
        foreach (var id in late)
        {
            var why = id == Whole
                ? "Argo has not begun with it; check that its controller runs, and that it looks after the namespace"
                : troubles.Find(id) ?? StartWords.OfNode(nodes.First(node => node.Id == id).Message) ?? "the cluster does not say why";
            troubles.GiveUp(id, $"it did not start within {options.StartTimeout.TotalMinutes:0.#} min: {why}");
        }

        LogGivenUp(order.Run, order.Name, late.Count);
        _stopped ??= time.GetTimestamp();
        try
        {
            await calls.CallAsync(token => calls.Api.StopAsync(order.Name, order.Run, token), cancellationToken);
        }
        catch (SluiceException exception)
        {
            LogNotStopped(exception, order.Run, order.Name);
        }
    }

    private WorkflowStatus Read(WorkflowObject found) => troubles.FindGivenUp(Whole) is { } words
        ? new WorkflowStatus { IsEnded = true, Error = words }
        : _reader.Read(found, troubles, IsOverdue);

    private WorkflowStatus Gone(WorkflowObject? last) =>
        (last is null ? new WorkflowStatus { IsEnded = true } : _reader.Read(last, troubles, isOver: false)) with { IsEnded = true, IsGone = true };

    [LoggerMessage(LogLevel.Warning, "Run {RunId}: {Count} pods of the Workflow {Workflow} did not start in time, it is stopped")]
    private partial void LogGivenUp(Core.Running.RunId runId, string workflow, int count);

    [LoggerMessage(LogLevel.Warning, "Run {RunId}: the Workflow {Workflow} cannot be stopped")]
    private partial void LogNotStopped(Exception exception, Core.Running.RunId runId, string workflow);
}
