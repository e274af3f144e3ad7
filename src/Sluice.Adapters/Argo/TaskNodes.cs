using System.Globalization;
using Sluice.Core.Clusters;

namespace Sluice.Adapters.Argo;

/// <summary>The nodes of one task: one of each pod, and where it may be tried again, one of type Retry over them.</summary>
internal sealed class TaskNodes(int task, IEnumerable<Node> nodes, WorkflowObject workflow, bool isEnded, StartTroubles starts)
{
    private readonly Node? _retry = nodes.FirstOrDefault(node => node.Type == "Retry");

    private readonly List<Node> _pods = [.. nodes.Where(node => node.Type == "Pod").OrderBy(TryOf).ThenBy(node => node.StartedAt)];

    /// <summary>Where the task stands.</summary>
    public PodStatus Read()
    {
        var state = State();
        var attempts = _pods.Where(pod => pod.Phase is not ("Skipped" or "Omitted")).Select(Attempt).ToList();
        if (state == PodState.Failed && attempts.Count == 0 && (_retry ?? nodes.FirstOrDefault()) is { } only)
        {
            // No pod was made: it is told of the node over them.
            attempts.Add(Attempt(only));
        }

        return new PodStatus
        {
            Task = task,
            State = state,
            Trouble = state == PodState.Waiting && _pods is [.., { Phase: "Pending" } last] ? starts.Find(last.Id) ?? StartWords.OfNode(last.Message) : null,
            Attempts = [.. attempts],
        };
    }

    private PodState State()
    {
        var last = _pods.LastOrDefault();
        var first = _retry ?? last ?? nodes.First();
        if (last is not null && starts.FindGivenUp(last.Id) is not null)
        {
            return PodState.Failed;
        }

        return first.Phase switch
        {
            "Succeeded" => PodState.Succeeded,
            "Skipped" or "Omitted" => PodState.Skipped,
            "Failed" or "Error" => NeverBegan(last) ? PodState.Skipped : PodState.Failed,
            // It was stopped from outside, with nodes that Argo did not end.
            _ when isEnded => last is { HostNodeName: not null } ? PodState.Failed : PodState.Skipped,
            // Between two tries the last pod has ended, and the task waits.
            _ => last is { Phase: "Running" } ? PodState.Running : PodState.Waiting,
        };
    }

    // Stopped before any of its pods was on a node.
    private bool NeverBegan(Node? last) =>
        FailureWords.IsStop((last ?? _retry ?? nodes.First()).Message) && _pods.TrueForAll(pod => pod.HostNodeName is null) && (last is null || starts.Find(last.Id) is null);

    private PodAttempt Attempt(Node pod)
    {
        var exitCode = int.TryParse(pod.Outputs?.ExitCode, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code) ? code : (int?)null;
        if (starts.FindGivenUp(pod.Id) is { } words)
        {
            return new PodAttempt(SuffixOf(pod.Id), null, pod.FinishedAt, null, words, IsOutside: true);
        }

        var isFailed = pod.Phase is "Failed" or "Error";
        var (error, isOutside) = isFailed ? Failure(pod, exitCode)
            : isEnded && pod.Phase is not "Succeeded" ? (FailureWords.Stopped, true)
            : (null, false);
        return new PodAttempt(SuffixOf(pod.Id), pod.Phase == "Pending" ? null : pod.StartedAt, pod.FinishedAt, isFailed || pod.Phase == "Succeeded" ? exitCode : null, error, isOutside);
    }

    private (string? Error, bool IsOutside) Failure(Node pod, int? exitCode)
    {
        // Argo says of a pod that could not start in time that it was there for too long.
        if (FailureWords.IsDeadline(pod.Message) && starts.Find(pod.Id) is { } trouble)
        {
            return ($"it did not start before its deadline: {trouble}", true);
        }

        // And of one that it killed, sometimes, only how it ended.
        return FailureWords.IsStop(workflow.Status?.Message) && exitCode is null or FailureWords.Killed or FailureWords.Terminated
            ? (FailureWords.Stopped, true)
            : FailureWords.Of(pod.Message, exitCode, pod.Phase == "Error");
    }

    private string SuffixOf(string id) => id == workflow.Metadata.Name ? id : id[(id.LastIndexOf('-') + 1)..];

    private static int TryOf(Node pod) =>
        pod.DisplayName.EndsWith(')') && int.TryParse(pod.DisplayName[(pod.DisplayName.LastIndexOf('(') + 1)..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;
}
