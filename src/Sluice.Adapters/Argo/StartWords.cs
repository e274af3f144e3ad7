namespace Sluice.Adapters.Argo;

/// <summary>Says in words why a pod does not begin.</summary>
internal static class StartWords
{
    /// <summary>The words for a reason of Kubernetes'; null where it is only on its way.</summary>
    /// <param name="reason">The reason, such as <c>ErrImagePull</c>.</param>
    /// <param name="message">What is said besides.</param>
    /// <param name="image">The image, where it is known.</param>
    public static string? Of(string? reason, string? message, string? image = null) => reason switch
    {
        null or "" or "PodInitializing" or "ContainerCreating" => null,
        "Unschedulable" or "SchedulerError" => $"no node takes its pod: {message}",
        "ErrImagePull" or "ImagePullBackOff" or "RegistryUnavailable" or "ImageInspectError" => $"the image {Quoted(image)}cannot be pulled: {message}",
        "InvalidImageName" => $"the image {Quoted(image)}has no valid name: {message}",
        "ErrImageNeverPull" => $"the image is not on the node, and must not be pulled: {message}",
        "CreateContainerConfigError" or "CreateContainerError" or "RunContainerError" or "StartError" => $"its container cannot be made: {message}",
        "FailedMount" or "FailedAttachVolume" => $"a volume of its pod cannot be mounted: {message}",
        "FailedCreatePodSandBox" => $"its pod cannot be set up on the node: {message}",
        _ when message is { Length: > 0 } => $"{reason}: {message}",
        _ => reason,
    };

    /// <summary>The words for what a node says of a pod that has not begun: Argo writes the reason and the message in one.</summary>
    public static string? OfNode(string? message)
    {
        if (message is null or "" || message.StartsWith("Waiting for", StringComparison.Ordinal))
        {
            return null;
        }

        var end = message.IndexOf(": ", StringComparison.Ordinal);
        return end > 0 && message[..end].All(char.IsAsciiLetter)
            ? Of(message[..end], message[(end + 2)..])
            : message.All(char.IsAsciiLetter) ? Of(message, null) : FailureWords.OfCreation(message) ?? message;
    }

    private static string Quoted(string? image) => image is { Length: > 0 } ? $"'{image}' " : "";
}
