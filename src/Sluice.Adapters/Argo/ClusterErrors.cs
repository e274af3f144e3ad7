using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Sluice.Core;

namespace Sluice.Adapters.Argo;

/// <summary>Tells trouble with the cluster in words that say what to do.</summary>
internal static class ClusterErrors
{
    /// <summary>Whether an exception is the API server's, or of the way to it.</summary>
    public static bool IsOutside(Exception exception) => exception
        is ClusterFailedException or HttpRequestException or IOException or SocketException or TimeoutException or AuthenticationException or JsonException;

    /// <summary>Whether it may go well when it is tried again.</summary>
    public static bool IsPassing(Exception exception) => exception is ClusterFailedException failed ? failed.IsPassing : Find<AuthenticationException>(exception) is null;

    /// <summary>What to say.</summary>
    /// <param name="exception">What happened.</param>
    /// <param name="server">The API server.</param>
    /// <param name="options">What is configured.</param>
    public static SluiceException Of(Exception exception, string server, WorkflowOptions options)
    {
        var (kind, words) = exception is ClusterFailedException failed ? Words(failed, options) : (FaultKind.Unavailable, Words(exception));
        return new SluiceException(kind, kind == FaultKind.Unavailable ? "cluster-unavailable" : "cluster-refused", $"the cluster {server}: {words}", exception);
    }

    private static string Words(Exception exception) => exception switch
    {
        _ when Find<AuthenticationException>(exception) is { } tls =>
            $"its TLS certificate is not trusted, or it does not take the client's: {tls.Message} Check the kubeconfig's certificates.",
        _ when Find<SocketException>(exception) is { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain } =>
            "the host is not known here; check the address in the kubeconfig.",
        _ when Find<SocketException>(exception) is { SocketErrorCode: SocketError.ConnectionRefused } =>
            "nobody listens there; check the address in the kubeconfig, and that the API server runs.",
        TimeoutException => "it did not answer in time.",
        JsonException => "its answer cannot be read; check that the address in the kubeconfig is an API server's.",
        _ => exception.Message,
    };

    private static (FaultKind Kind, string Words) Words(ClusterFailedException failed, WorkflowOptions options) => failed.Status switch
    {
        HttpStatusCode.NotFound when failed.IsOfNoKind => (FaultKind.BadGateway,
            "Argo Workflows is not installed there: it does not know Workflows. Install Argo Workflows, or check the kubeconfig."),
        HttpStatusCode.NotFound when failed.Message.StartsWith("namespaces ", StringComparison.Ordinal) => (FaultKind.BadGateway,
            $"there is no namespace '{options.Namespace}'; make it, or check SLUICE_ARGO__NAMESPACE."),
        HttpStatusCode.Unauthorized => (FaultKind.BadGateway, "it does not accept the credential (401); renew it, or check the kubeconfig."),
        HttpStatusCode.TooManyRequests => (FaultKind.Unavailable, "it is overloaded (429); try again later."),
        HttpStatusCode.RequestEntityTooLarge => (FaultKind.BadGateway, TooLarge(failed)),
        _ when Has(failed, "denied request", "denied the request") => (FaultKind.BadGateway,
            $"an admission policy of the cluster does not let it in: {failed.Message}. Ask whoever keeps the policy."),
        _ when Has(failed, "exceeded quota") => (FaultKind.BadGateway,
            $"the quota of the namespace is used up: {failed.Message}. Raise the quota, or wait for other work to end."),
        _ when Has(failed, "being terminated") => (FaultKind.BadGateway, $"the namespace '{options.Namespace}' is being deleted; make it anew, or check SLUICE_ARGO__NAMESPACE."),
        HttpStatusCode.Forbidden => (FaultKind.BadGateway, $"the account lacks a right: {failed.Message}. Give it this right with a Role."),
        _ when Has(failed, "failed calling webhook", "failed to call webhook") => (FaultKind.Unavailable,
            $"an admission webhook of the cluster does not answer: {failed.Message}. Mend the webhook, or take it away."),
        _ when Has(failed, "strict decoding error") => (FaultKind.BadGateway,
            $"its Argo Workflows does not know a field that Sluice writes: {failed.Message}. Update Argo Workflows; with 3.7 or newer this is a defect of Sluice."),
        HttpStatusCode.InternalServerError when !failed.IsPassing => (FaultKind.BadGateway, TooLarge(failed)),
        HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest => (FaultKind.BadGateway,
            $"it does not take what Sluice sent, which is a defect of Sluice: {failed.Message}"),
        _ when failed.IsPlain => (failed.IsPassing ? FaultKind.Unavailable : FaultKind.BadGateway,
            $"it answered {(int)failed.Status}, and not as an API server does; check the address in the kubeconfig, and what is between."),
        _ => (failed.IsPassing ? FaultKind.Unavailable : FaultKind.BadGateway, $"it answered {(int)failed.Status}: {failed.Message}"),
    };

    private static string TooLarge(ClusterFailedException failed) =>
        $"the Workflow is too large for it ({failed.Message}); split the job, or run fewer of its tasks at once.";

    private static bool Has(ClusterFailedException failed, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (failed.Message.Contains(word, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is T found)
            {
                return found;
            }
        }

        return null;
    }
}
