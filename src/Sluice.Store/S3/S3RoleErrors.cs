using System.Net;
using Amazon.Runtime;
using Sluice.Core;

namespace Sluice.Store.S3;

/// <summary>Tells in words why no credential for a run can be had, and what to do.</summary>
internal static class S3RoleErrors
{
    /// <summary>What to say.</summary>
    /// <param name="exception">What happened.</param>
    /// <param name="server">The server that was asked, as a person knows it.</param>
    /// <param name="options">What it was asked for.</param>
    public static SluiceException Of(Exception exception, string server, S3RoleOptions options)
    {
        var isRefused = exception is AmazonServiceException { ErrorCode: not null } known && IsRefused(known);
        var words = exception is AmazonServiceException { ErrorCode: not null } answer
            ? Words(answer, options)
            : S3Errors.WordsOfTheWay(exception, options.Endpoint is null ? "SLUICE_STORE__ENDPOINT" : "SLUICE_ARGO__STORE_STS_ENDPOINT");
        return new SluiceException(
            isRefused ? FaultKind.BadGateway : FaultKind.Unavailable,
            isRefused ? "run-credential-refused" : "run-credential-unavailable",
            $"no credential for the pods of this run from {server}: {words}",
            exception);
    }

    private static bool IsRefused(AmazonServiceException known) =>
        known.StatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and not HttpStatusCode.TooManyRequests
        && !known.ErrorCode.StartsWith("Throttling", StringComparison.Ordinal);

    private static string Words(AmazonServiceException known, S3RoleOptions options) => known.ErrorCode switch
    {
        "AccessDenied" or "Forbidden" =>
            $"it does not let the service take the role '{options.Role}'; check SLUICE_ARGO__STORE_ROLE, the service's keys, and that the role trusts the service's user.",
        "NoSuchEntity" => $"there is no role '{options.Role}'; make it, or check SLUICE_ARGO__STORE_ROLE.",
        "InvalidClientTokenId" or "InvalidAccessKeyId" => "it does not know the access key; check SLUICE_STORE__ACCESS_KEY.",
        "SignatureDoesNotMatch" => "the secret key is wrong; check SLUICE_STORE__SECRET_KEY.",
        "ValidationError" or "InvalidArgument" or "InvalidParameterValue" =>
            $"it does not take a value{Told(known)}; check SLUICE_ARGO__STORE_LIFETIME, which must not be longer than the role allows, and SLUICE_ARGO__STORE_ROLE.",
        _ => $"it answered {(int)known.StatusCode} {known.ErrorCode}{Told(known)}; check that it has an STS, or SLUICE_ARGO__STORE_STS_ENDPOINT.",
    };

    private static string Told(AmazonServiceException known) => known.Message is { Length: > 0 } message ? $" ({message.TrimEnd('.')})" : "";
}
