using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Amazon.Runtime;
using Amazon.S3;
using Sluice.Core;

namespace Sluice.Store.S3;

/// <summary>Tells trouble with the server in words that say what to do.</summary>
internal static class S3Errors
{
    /// <summary>Whether an exception is the server's, or of the way to it.</summary>
    public static bool IsOutside(Exception exception) => exception
        is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException or TaskCanceledException { InnerException: TimeoutException };

    /// <summary>What to say.</summary>
    /// <param name="exception">What happened.</param>
    /// <param name="server">The server, as a person knows it.</param>
    /// <param name="bucket">The bucket.</param>
    public static SluiceException Of(Exception exception, string server, string bucket) => exception is AmazonS3Exception { ErrorCode: not null } known
        ? new SluiceException(KindOf(known), "store-unavailable", $"the store {server}: {Words(known, bucket)}", exception)
        : new SluiceException(FaultKind.Unavailable, "store-unavailable", $"the store {server}: {WordsOfTheWay(exception, "SLUICE_STORE__ENDPOINT")}", exception);

    /// <summary>What to say where no answer came.</summary>
    /// <param name="exception">What happened.</param>
    /// <param name="setting">The setting with the server's address.</param>
    public static string WordsOfTheWay(Exception exception, string setting) => exception switch
    {
        _ when Find<AuthenticationException>(exception) is { } tls => $"its TLS certificate is not trusted: {tls.Message}",
        _ when Find<SocketException>(exception) is { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain } =>
            $"the host is not known here; check {setting}.",
        _ when Find<SocketException>(exception) is { SocketErrorCode: SocketError.ConnectionRefused } =>
            $"nobody listens there; check {setting}, and that the server runs.",
        TimeoutException or TaskCanceledException => "it did not answer in time.",
        _ => exception.Message,
    };

    private static FaultKind KindOf(AmazonS3Exception exception) =>
        exception.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized or HttpStatusCode.NotFound ? FaultKind.BadGateway : FaultKind.Unavailable;

    private static string Words(AmazonS3Exception exception, string bucket) => exception.ErrorCode switch
    {
        "InvalidAccessKeyId" => "it does not know the access key; check SLUICE_STORE__ACCESS_KEY.",
        "SignatureDoesNotMatch" => "the secret key is wrong; check SLUICE_STORE__SECRET_KEY.",
        "AccessDenied" or "AllAccessDisabled" or "Forbidden" => $"the access key may not do this in the bucket '{bucket}'.",
        "RequestTimeTooSkewed" => "its clock and this machine's differ by more than 15 minutes.",
        "ExpiredToken" or "ExpiredTokenException" => "the credential has ended; where a task takes so long, raise SLUICE_ARGO__STORE_LIFETIME.",
        "NoSuchBucket" => $"there is no bucket '{bucket}'; make it, or check SLUICE_STORE__BUCKET.",
        "BucketAlreadyExists" => $"the bucket '{bucket}' belongs to somebody else; use another job name, or one bucket of your own with SLUICE_STORE__BUCKET.",
        "XMinioStorageFull" or "QuotaExceeded" or "InsufficientStorage" or "EntityTooLarge" => $"it has no space left, or a limit is reached ({exception.ErrorCode}).",
        "SlowDown" or "ServiceUnavailable" or "TooManyRequests" => "it is overloaded.",
        _ => $"it answered {(int)exception.StatusCode} {exception.ErrorCode} {exception.Message}".Trim(),
    };

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
