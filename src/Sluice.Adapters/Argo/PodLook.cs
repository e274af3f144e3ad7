using System.Net;

namespace Sluice.Adapters.Argo;

/// <summary>Looks at the pods of a Workflow that have not begun. Argo itself neither ends one that cannot be scheduled nor says of every one why it waits.</summary>
internal sealed class PodLook(string workflow, ClusterApi api, StartTroubles troubles)
{
    private const string NodeAnnotation = "workflows.argoproj.io/node-id";

    private bool _mayNotSeePods;
    private bool _mayNotSeeEvents;

    /// <summary>Looks once. Trouble is left to the next look, and without the right to look there is none.</summary>
    /// <returns>Whether there is news.</returns>
    public async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        if (_mayNotSeePods)
        {
            return false;
        }

        try
        {
            var pods = await api.ListPendingPodsAsync(workflow, cancellationToken);
            var words = pods.ToDictionary(pod => pod.Metadata.Name, Words);
            if (pods.Any(pod => words[pod.Metadata.Name] is null && pod.Spec?.NodeName is { Length: > 0 }))
            {
                await AddWarningsAsync(words, cancellationToken);
            }

            var hasNews = false;
            foreach (var pod in pods)
            {
                hasNews |= pod.Metadata.Annotations?.GetValueOrDefault(NodeAnnotation) is { } node && troubles.Set(node, words[pod.Metadata.Name]);
            }

            return hasNews;
        }
        catch (ClusterFailedException failed) when (failed.Status == HttpStatusCode.Forbidden)
        {
            _mayNotSeePods = true;
            return false;
        }
        catch (Exception exception) when (ClusterErrors.IsOutside(exception))
        {
            return false;
        }
    }

    private static string? Words(Pod pod)
    {
        var waiting = (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? [])
            .Select(container => StartWords.Of(container.State?.Waiting?.Reason, container.State?.Waiting?.Message, container.Image))
            .FirstOrDefault(words => words is not null);
        var condition = pod.Status?.Conditions?.FirstOrDefault(it => it is { Type: "PodScheduled", Reason: "Unschedulable" or "SchedulerError" });
        return waiting ?? StartWords.Of(condition?.Reason, condition?.Message);
    }

    // What is wrong with a volume is said in events only, which one may not be allowed to see.
    private async Task AddWarningsAsync(Dictionary<string, string?> words, CancellationToken cancellationToken)
    {
        if (_mayNotSeeEvents)
        {
            return;
        }

        IReadOnlyList<ClusterEvent> warnings;
        try
        {
            warnings = await api.ListWarningsAsync(cancellationToken);
        }
        catch (ClusterFailedException failed) when (failed.Status == HttpStatusCode.Forbidden)
        {
            _mayNotSeeEvents = true;
            return;
        }

        foreach (var pod in words.Where(it => it.Value is null).Select(it => it.Key).ToList())
        {
            // "Not registered" is said of what is there, to a pod that is being taken away.
            words[pod] = warnings
                .Where(warning => warning.InvolvedObject.Name == pod && warning.Message?.Contains("not registered", StringComparison.Ordinal) is not true)
                .Where(warning => warning.Reason is "FailedMount" or "FailedAttachVolume" or "FailedCreatePodSandBox")
                .Select(warning => StartWords.Of(warning.Reason, warning.Message))
                .LastOrDefault();
        }
    }
}
