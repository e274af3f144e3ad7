using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Core.Clusters;

namespace Sluice.Adapters.Argo;

/// <summary>Says in words why a pod failed, and whether that says anything of the task. Versions of Argo differ in theirs.</summary>
internal static partial class FailureWords
{
    /// <summary>Argo's own program ends with it where it could not start the command, or do its part.</summary>
    private const int ArgoExitCode = 64;

    /// <summary>Ended by SIGKILL.</summary>
    public const int Killed = 137;

    /// <summary>Ended by SIGTERM.</summary>
    public const int Terminated = 143;

    /// <summary>What is said of a pod that ended with its workflow, when that was stopped.</summary>
    public const string Stopped = "stopped with its workflow";

    private const int NotFound = 127;

    /// <summary>The words for a failed pod.</summary>
    /// <param name="message">Argo's.</param>
    /// <param name="exitCode">How the main container ended, where it did.</param>
    /// <param name="isError">Whether Argo holds it for an error and not for a failure.</param>
    public static (string Error, bool IsOutside) Of(string? message, int? exitCode, bool isError)
    {
        var text = message ?? "";
        if (Container().Match(text) is { Success: true } ended)
        {
            var code = int.Parse(ended.Groups["code"].Value, CultureInfo.InvariantCulture);
            return OfContainer(ended.Groups["name"].Value, ended.Groups["reason"].Value, code, ended.Groups["said"].Value);
        }

        return OfPod(text) is { } words
            ? words
            : text.Length > 0 ? (text, isError)
            : exitCode is { } known ? OfMain("", known, "")
            : ("its pod failed, and nobody says why", true);
    }

    /// <summary>The words for a pod that the cluster did not let in; null where a message is about something else.</summary>
    public static string? OfCreation(string message) => message switch
    {
        _ when Has(message, "error looking up service account") =>
            $"its pod has a service account that is not there: {message}; make it, or check SLUICE_ARGO__SERVICE_ACCOUNT",
        _ when Has(message, "exceeded quota") => $"the quota of the namespace is used up: {message}",
        _ when Has(message, "violates PodSecurity") => $"the namespace's security rules do not let its pod in: {message}",
        _ when Has(message, "denied the request") || Has(message, "denied request") => $"an admission policy of the cluster does not let its pod in: {message}",
        _ when Has(message, "failed calling webhook") => $"an admission webhook of the cluster does not answer: {message}",
        _ when message.StartsWith("pods ", StringComparison.Ordinal) && Has(message, "is forbidden") => $"the cluster does not let its pod in: {message}",
        _ => null,
    };

    private static (string Error, bool IsOutside) OfContainer(string name, string reason, int code, string said) => name switch
    {
        "main" => OfMain(reason, code, said),
        "wait" or "init" when Has(said, "is forbidden") => ($"the pods' service account lacks a right: {said}", true),
        "wait" or "init" => ($"Argo's own container of its pod failed ({Said(code, said)})", true),
        _ => ($"the container '{name}', which comes before the command, failed ({Said(code, said)})", true),
    };

    private static (string Error, bool IsOutside) OfMain(string reason, int code, string said) => code switch
    {
        _ when reason == "OOMKilled" => (
            $"ran out of memory and was killed (exit status {Text(code)}); raise 'resources.memory', or make it need less", false),
        Killed => ("killed by SIGKILL (exit status 137); most likely it ran out of memory: raise 'resources.memory', or make it need less", false),
        Terminated => ("ended by SIGTERM (exit status 143)", false),
        PodTask.InfrastructureFailure => ("something outside of the task failed, such as the store or the network (exit status 75); its log says what", true),
        ArgoExitCode when Has(said, "failed to find name in PATH") => ($"Argo did not find the program to start in the image: {said}", true),
        ArgoExitCode when said.Length > 0 => ($"Argo could not start the command: {said}", true),
        NotFound => ("exit status 127: a command was not found", false),
        _ => (Said(code, said), false),
    };

    private static (string Error, bool IsOutside)? OfPod(string message) => message switch
    {
        _ when IsDeadline(message) => ("ran longer than its deadline; raise 'timeout', or make it faster", false),
        _ when IsStop(message) => (Stopped, true),
        _ when message == "pod deleted" => ("its pod was deleted from outside", true),
        _ when message.StartsWith("The node was low on resource", StringComparison.Ordinal) || message.StartsWith("The node had condition", StringComparison.Ordinal) =>
            ($"evicted from its node: {message}", true),
        _ when Has(message, "ephemeral local storage usage exceeds") || Has(message, "exceeds the limit") => ($"used more disk space than it may: {message}", false),
        _ when Has(message, "imminent node shutdown") || Has(message, "Preempt") => ($"its node went away: {message}", true),
        _ when BeforeMain().Match(message) is { Success: true } waiting =>
            (StartWords.Of(waiting.Groups["reason"].Value, waiting.Groups["said"].Value) ?? message, true),
        _ when Has(message, "can't find failed message for pod") || message.StartsWith("pod failed: ", StringComparison.Ordinal) =>
            ($"its pod failed, and the cluster does not say why ({message})", true),
        _ => OfCreation(message) is { } words ? (words, true) : null,
    };

    /// <summary>Whether a message says that the time was over.</summary>
    public static bool IsDeadline(string? message) => message is not null
        && (Has(message, "longer than the specified deadline") || Has(message, "exceeded its deadline") || Has(message, "Max duration limit exceeded"));

    /// <summary>Whether a message says that the workflow was stopped.</summary>
    public static bool IsStop(string? message) => message is not null
        && (Has(message, "workflow shutdown with strategy") || Has(message, "Stopped with strategy"));

    private static string Said(int code, string said) => $"exit status {Text(code)}{(said.Length == 0 ? "" : ": " + said)}";

    private static string Text(int code) => code.ToString(CultureInfo.InvariantCulture);

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.Ordinal);

    // <container>: <reason> (exit code <n>)[: <message>]
    [GeneratedRegex(@"\A(?<name>[a-z0-9-]+): (?<reason>\w*) ?\(exit code (?<code>-?[0-9]{1,9})\)(: (?<said>.*))?\z", RegexOptions.Singleline)]
    private static partial Regex Container();

    [GeneratedRegex(@"\APod failed before \S+ container starts due to (?<reason>\w*): (?<said>.*)\z", RegexOptions.Singleline)]
    private static partial Regex BeforeMain();
}
