using System.Globalization;
using Sluice.Core.Clusters;

namespace Sluice.Adapters.Argo;

/// <summary>Makes what is known of a workflow out of its nodes. Pure: what was seen of pods is given.</summary>
internal sealed class StatusReader(WorkflowOrder order)
{
    /// <summary>The phases after which nothing more happens.</summary>
    public static bool IsEnd(string? phase) => phase is "Succeeded" or "Failed" or "Error";

    /// <summary>What is known.</summary>
    /// <param name="found">The Workflow.</param>
    /// <param name="starts">Why pods did not begin.</param>
    /// <param name="isOver">Whether it is not waited for any more, although it has not ended.</param>
    public WorkflowStatus Read(WorkflowObject found, StartTroubles starts, bool isOver)
    {
        var status = found.Status ?? new WorkflowState();
        var isEnded = isOver || IsEnd(status.Phase);
        var (nodes, unreadable) = NodeList.Of(status);
        if (unreadable is not null)
        {
            return new WorkflowStatus { IsEnded = isEnded, Error = unreadable };
        }

        var tasks = nodes
            .Select(node => (Node: node, Task: TaskOf(node)))
            .Where(it => it.Task is not null)
            .GroupBy(it => it.Task!.Value, it => it.Node)
            .OrderBy(group => group.Key)
            .Select(group => new TaskNodes(group.Key, group, found, isEnded, starts).Read())
            .ToList();
        var error = IsUntold(status, isEnded, tasks) ? status.Message ?? $"Argo ended it as {status.Phase}, and does not say why" : null;
        if (isEnded && error is null)
        {
            tasks.AddRange(order.Tasks.Except(tasks.Select(task => task.Task)).Order().Select(task => new PodStatus { Task = task, State = PodState.Skipped }));
        }

        return new WorkflowStatus { IsEnded = isEnded, Error = error, Tasks = [.. tasks] };
    }

    // By the parameter, and where Argo made no pod for it, by the name.
    private int? TaskOf(Node node)
    {
        var told = node.Inputs?.Parameters?.FirstOrDefault(parameter => parameter.Name == "task")?.Value;
        var number = int.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out var task) ? task
            : node.Type is "Pod" or "Retry" or "Skipped" ? NodeNames.NumberIn(node.DisplayName)
            : null;
        return number is { } known && order.Tasks.Contains(known) ? known : null;
    }

    // A Workflow may fail as a whole, before it has begun with any task. That it was stopped is no fault of its own.
    private static bool IsUntold(WorkflowState status, bool isEnded, List<PodStatus> tasks) =>
        isEnded && status.Phase is not "Succeeded" && !FailureWords.IsStop(status.Message) && !tasks.Exists(task => task.State is PodState.Failed or PodState.Skipped);
}
