using System.Net;
using System.Text.Json;

namespace Sluice.Adapters.Argo;

/// <summary>The API server's answer is a failure.</summary>
internal sealed class ClusterFailedException(HttpStatusCode status, string? reason, string message, TimeSpan? retryAfter) : Exception(message)
{
    /// <summary>The status.</summary>
    public HttpStatusCode Status => status;

    /// <summary>The reason in its Status object, such as <c>AlreadyExists</c>; null where it sent none.</summary>
    public string? Reason => reason;

    /// <summary>When to come again, where it says so.</summary>
    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>Whether the answer is no Status object.</summary>
    public bool IsPlain { get; private init; }

    /// <summary>Whether the server knows no such kind of objects.</summary>
    public bool IsOfNoKind => IsPlain && status == HttpStatusCode.NotFound && Message == "404 page not found";

    /// <summary>Whether it may go well when it is tried again.</summary>
    public bool IsPassing => status is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
        || (status == HttpStatusCode.InternalServerError && !Message.Contains("ResourceExhausted", StringComparison.Ordinal) && !Message.Contains("too large", StringComparison.Ordinal));

    /// <summary>Whether the object is not there, of a kind that is.</summary>
    public bool IsMissing => status == HttpStatusCode.NotFound && reason == "NotFound";

    /// <summary>Whether what a patch asked for first does not hold; the server says no more of it than this.</summary>
    public bool IsUnmet => status == HttpStatusCode.UnprocessableEntity && Message.StartsWith("the server rejected our request", StringComparison.Ordinal);

    /// <summary>Reads an answer.</summary>
    public static ClusterFailedException Of(HttpStatusCode status, TimeSpan? retryAfter, string body)
    {
        try
        {
            if (JsonSerializer.Deserialize<ApiStatus>(body, ClusterJson.Options) is { Message: { } message } told)
            {
                return new ClusterFailedException(status, told.Reason, message, retryAfter);
            }
        }
        catch (JsonException)
        {
            // A plain text, as for a kind that is not served.
        }

        return new ClusterFailedException(status, null, body.Trim(), retryAfter) { IsPlain = true };
    }
}
