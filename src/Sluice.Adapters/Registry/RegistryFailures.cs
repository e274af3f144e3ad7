using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Sluice.Core;

namespace Sluice.Adapters.Registry;

/// <summary>Says for a person why a registry or its token server gave no digest.</summary>
internal static class RegistryFailures
{
    private const string LookAtIt = "Look at the registry, or write the image's digest.";

    /// <summary>There was no answer.</summary>
    public static RegistryException Of(HttpRequestException exception, string host)
    {
        var causes = Causes(exception).ToList();
        if (causes.OfType<AddressRefusedException>().FirstOrDefault() is { } refused)
        {
            return new RegistryException(
                FaultKind.Unprocessable,
                $"is not looked up: {refused.Host} has a private, loopback or link-local address",
                "Private ones must be named in SLUICE_IMAGES__PRIVATEHOSTS.",
                exception);
        }

        if (exception.HttpRequestError == HttpRequestError.SecureConnectionError || causes.OfType<AuthenticationException>().Any())
        {
            return new RegistryException(
                FaultKind.Unavailable,
                $"could not be looked up: there is no TLS connection to {host} whose certificate is trusted",
                "Trust its authority on this machine, or name the registry in SLUICE_IMAGES__INSECURE.",
                exception);
        }

        if (causes.OfType<SocketException>().FirstOrDefault() is { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain })
        {
            return new RegistryException(
                FaultKind.Unavailable, $"could not be looked up: the host {host} is not known here", "Look at its name and at this machine's network.", exception);
        }

        return exception.HttpRequestError is HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.HttpProtocolError
            ? RegistryException.BadAnswer(host, "gave an answer that is not HTTP, or too long")
            : new RegistryException(FaultKind.Unavailable, $"could not be looked up: {host} did not answer", LookAtIt, exception);
    }

    /// <summary>There was no answer in time.</summary>
    public static RegistryException TooSlow(string host, TimeSpan limit) => new(
        FaultKind.Unavailable,
        $"could not be looked up: {host} did not answer within {limit.TotalSeconds:0} s",
        "Look at the registry, or raise SLUICE_IMAGES__TIMEOUT.");

    /// <summary>The registry wants to be left alone for longer than there is time.</summary>
    public static RegistryException TooMany(string host, TimeSpan pause) => new(
        FaultKind.Unavailable,
        $"could not be looked up: {host} had too many requests and asks to wait {Math.Ceiling(pause.TotalSeconds):0} s",
        "Log in, since many registries give more to those who do; or write the image's digest.");

    /// <summary>The answer says no.</summary>
    public static RegistryException Of(HttpStatusCode status, ImageName name, string host, bool hasCredential) => status switch
    {
        HttpStatusCode.NotFound => new(
            FaultKind.Unprocessable,
            $"is not there: {host} has no tag '{name.Tag}' of '{name.Repository}'",
            "Push it, or write another tag.")
        {
            IsMissing = true,
        },
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => NoRights(name, host, hasCredential),
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => new(
            FaultKind.Unavailable, $"could not be looked up: {host} answered {(int)status}", LookAtIt),
        _ => RegistryException.BadAnswer(host, $"answered {(int)status}"),
    };

    private static RegistryException NoRights(ImageName name, string host, bool hasCredential) => new(
        FaultKind.Unprocessable,
        hasCredential
            ? $"may not be read: the credential that is kept for {host} has no right to '{name.Repository}', or there is no such repository"
            : $"may not be read: {host} wants a credential for '{name.Repository}', or has no such repository",
        hasCredential ? "Look at the name, and log in with an account that may read it." : "Look at the name, or log in: SLUICE_IMAGES__CONFIG says where credentials are kept.");

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }
}
