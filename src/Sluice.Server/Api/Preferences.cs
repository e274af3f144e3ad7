using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Sluice.Server.Api;

/// <summary>The header <c>Prefer</c> (RFC 7240): <c>respond-async</c>, or <c>wait=N</c> in seconds, whichever is there first.</summary>
/// <param name="Longest">How long to wait for the end.</param>
/// <param name="Applied">What to answer as <c>Preference-Applied</c>.</param>
internal sealed record Preferences(TimeSpan Longest, string Applied)
{
    private const int MaxSeconds = 86_400;

    /// <summary>The preference; null where there is none that is known.</summary>
    public static Preferences? Read(HttpRequest request)
    {
        foreach (var part in request.Headers["Prefer"].SelectMany(header => (header ?? "").Split(',', StringSplitOptions.TrimEntries)))
        {
            if (part == "respond-async")
            {
                return new Preferences(TimeSpan.Zero, part);
            }

            if (part.StartsWith("wait=", StringComparison.Ordinal)
                && int.TryParse(part["wait=".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                return new Preferences(TimeSpan.FromSeconds(Math.Min(seconds, MaxSeconds)), part);
            }
        }

        return null;
    }
}
