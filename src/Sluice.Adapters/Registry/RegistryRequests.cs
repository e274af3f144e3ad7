using System.Net;
using System.Net.Http.Headers;
using Sluice.Core;

namespace Sluice.Adapters.Registry;

/// <summary>
/// Sends the requests for one image: waits where it is asked to, and follows redirects. A credential goes to the server that it is for; where that
/// leads to another one, it stays behind.
/// </summary>
/// <param name="connections">The connections.</param>
/// <param name="time">The clock.</param>
/// <param name="deadline">When the time for this image is over.</param>
internal sealed class RegistryRequests(RegistryConnections connections, TimeProvider time, DateTimeOffset deadline)
{
    private const int MaxRedirects = 5;

    /// <summary>Sends one request.</summary>
    /// <param name="make">Makes the request, anew for every try.</param>
    /// <param name="authorization">The credential for the request's own server.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The answer, whatever its status.</returns>
    /// <exception cref="RegistryException">There is none, or it leads where nobody may follow.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        Func<HttpRequestMessage> make, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
    {
        Uri? place = null;
        for (var (waits, redirects) = (0, 0); ;)
        {
            var request = make();
            var origin = request.RequestUri!;
            request.RequestUri = place ??= origin;
            request.Headers.Authorization = IsSameServer(origin, place) ? authorization : null;
            var response = await SendOnceAsync(request, cancellationToken);
            if (PauseBefore(response, ref waits) is { } pause)
            {
                response.Dispose();
                if (time.GetUtcNow() + pause > deadline)
                {
                    throw RegistryFailures.TooMany(place.IdnHost, pause);
                }

                await Task.Delay(pause, time, cancellationToken);
            }
            else if ((int)response.StatusCode is >= 301 and <= 308 && response.Headers.Location is { } location)
            {
                response.Dispose();
                place = Follow(place, location, canFollow: request.Content is null && ++redirects <= MaxRedirects);
            }
            else
            {
                return response;
            }
        }
    }

    /// <summary>Whether two addresses are of one server.</summary>
    public static bool IsSameServer(Uri left, Uri right) => left.Scheme == right.Scheme && left.IdnHost == right.IdnHost && left.Port == right.Port;

    /// <summary>Whether a server may be asked without TLS, or with a certificate that nobody has signed.</summary>
    public bool IsInsecure(Uri server) => connections.IsInsecure(server);

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await connections.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw RegistryFailures.Of(exception, request.RequestUri!.IdnHost);
        }
    }

    // Registries that are overloaded say so with 503, and mean the same.
    private TimeSpan? PauseBefore(HttpResponseMessage response, ref int waits)
    {
        var asked = response.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - time.GetUtcNow() : null;
        var isBusy = response.StatusCode == HttpStatusCode.TooManyRequests
            || (response.StatusCode == HttpStatusCode.ServiceUnavailable && asked is not null);
        return !isBusy ? null
            : asked is { } pause ? (pause > TimeSpan.FromMilliseconds(100) ? pause : TimeSpan.FromMilliseconds(100))
            : TimeSpan.FromSeconds(Math.Pow(2, Math.Min(waits++, 10)));
    }

    private Uri Follow(Uri from, Uri location, bool canFollow)
    {
        var to = new Uri(from, location);
        return canFollow && to is { UserInfo: "" } && (to.Scheme == Uri.UriSchemeHttps || (to.Scheme == Uri.UriSchemeHttp && IsInsecure(to)))
            ? to
            : throw RegistryException.BadAnswer(from.IdnHost, "leads to another place that is not followed");
    }
}
