using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Sluice.Adapters.Registry;

/// <summary>What a registry asks for with 401.</summary>
/// <param name="Scheme"><c>basic</c> or <c>bearer</c>.</param>
/// <param name="Realm">Where tokens are given; for bearer.</param>
/// <param name="Service">The service's name there.</param>
internal sealed partial record Challenge(string Scheme, string? Realm, string? Service)
{
    /// <summary>The challenge that can be met, a token before a password; null where there is none.</summary>
    public static Challenge? Of(HttpHeaderValueCollection<AuthenticationHeaderValue> headers) => headers
        .Select(header => Read(header.Scheme.ToLowerInvariant(), header.Parameter ?? ""))
        .Where(challenge => challenge is { Scheme: "basic" } or { Scheme: "bearer", Realm: not null })
        .OrderBy(challenge => challenge.Scheme == "basic")
        .FirstOrDefault();

    private static Challenge Read(string scheme, string parameters)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match match in Parameter().Matches(parameters))
        {
            values.TryAdd(match.Groups["name"].Value, match.Groups["quoted"].Success ? match.Groups["quoted"].Value : match.Groups["plain"].Value);
        }

        return new Challenge(scheme, values.GetValueOrDefault("realm"), values.GetValueOrDefault("service"));
    }

    [GeneratedRegex("(?<name>[A-Za-z_]+)\\s*=\\s*(\"(?<quoted>[^\"]*)\"|(?<plain>[^\\s,\"]+))", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Parameter();
}
