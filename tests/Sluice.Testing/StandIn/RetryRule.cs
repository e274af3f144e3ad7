using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sluice.Testing.StandIn;

/// <summary>The retry strategy of a template: as much of Argo's expressions as Sluice writes, and no other.</summary>
internal sealed partial class RetryRule(JsonNode? strategy)
{
    private readonly int _limit = strategy is null ? 0 : int.Parse(strategy["limit"]!.ToString(), CultureInfo.InvariantCulture);

    private readonly string[] _terms = strategy?["expression"]?.ToString().Split(" or ") ?? [];

    /// <summary>Whether another pod is made.</summary>
    /// <param name="retries">How many there were after the first.</param>
    /// <param name="last">How the last one ended.</param>
    public bool Allows(int retries, PodEnd last) => retries < _limit && _terms.Any(term => IsTrue(term.Trim(), retries, last));

    private static bool IsTrue(string term, int retries, PodEnd last)
    {
        var match = Term().Match(term);
        return (match.Groups["left"].Value, match.Groups["right"].Value) switch
        {
            ("asInt(lastRetry.exitCode) ==", var code) => last.ExitCode == int.Parse(code, CultureInfo.InvariantCulture),
            ("lastRetry.status ==", var status) => last.Phase == status.Trim('\''),
            ("lastRetry.message matches", var pattern) => Regex.IsMatch(last.Message, pattern.Trim('\'')),
            ("asInt(retries) <", var most) => retries < int.Parse(most, CultureInfo.InvariantCulture),
            _ => throw new NotSupportedException($"The stand-in does not know the expression '{term}'."),
        };
    }

    [GeneratedRegex("^(?<left>asInt[(]lastRetry[.]exitCode[)] ==|lastRetry[.]status ==|lastRetry[.]message matches|asInt[(]retries[)] <) (?<right>.+)$")]
    private static partial Regex Term();
}

/// <summary>How a pod ended.</summary>
/// <param name="Phase">As Argo calls it.</param>
/// <param name="ExitCode">That of its main container, where it got that far.</param>
/// <param name="Message">What Argo says of it.</param>
internal sealed record PodEnd(string Phase, int? ExitCode, string Message);
