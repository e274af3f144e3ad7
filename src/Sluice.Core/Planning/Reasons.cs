using System.Collections.Immutable;
using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Core.Planning;

/// <summary>Says in the contract's words why a task runs.</summary>
public static class Reasons
{
    /// <summary>How many files of one listing, or inputs, are named before the rest is counted.</summary>
    private const int MaxPerCode = 20;

    /// <summary>
    /// Reasons for a list of differences, each file, variable or input named. That a run's own variables differ is said by
    /// <see cref="ReasonCode.NotCacheable"/>.
    /// </summary>
    public static ImmutableArray<Reason> Of(IEnumerable<FieldDifference> differences)
    {
        var reasons = ImmutableArray.CreateBuilder<Reason>();
        foreach (var group in differences.Where(difference => !IsOfTheRun(difference)).Select(Of).GroupBy(reason => reason.Code))
        {
            var all = group.ToList();
            reasons.AddRange(all.Take(MaxPerCode));
            if (all.Count > MaxPerCode)
            {
                reasons.Add(new Reason(group.Key, "", $"and {all.Count - MaxPerCode} more"));
            }
        }

        return reasons.DrainToImmutable();
    }

    /// <summary>That an image has another digest under the same name.</summary>
    public static Reason OfImage(string image, Digest before, Digest after) =>
        Of(new FieldDifference(FieldKind.Image, image, before.ToString(), after.ToString()));

    private static bool IsOfTheRun(FieldDifference difference) => difference.Kind == FieldKind.Variable && RunVariables.IsOwn(difference.Subject);

    private static Reason Of(FieldDifference difference)
    {
        var code = difference.Kind switch
        {
            FieldKind.Command => ReasonCode.CommandChanged,
            FieldKind.Script or FieldKind.Code => ReasonCode.CodeChanged,
            FieldKind.EnvironmentFiles => ReasonCode.EnvironmentFileChanged,
            FieldKind.Variable => ReasonCode.VariableChanged,
            FieldKind.Param => ReasonCode.ParamsChanged,
            FieldKind.Input => difference.Before is null || difference.After is null
                ? ReasonCode.InputSetChanged
                : ReasonCode.InputChanged,
            FieldKind.Output => ReasonCode.OutputSetChanged,
            FieldKind.Image => ReasonCode.ImageChanged,
            FieldKind.Network => ReasonCode.NetworkChanged,
            FieldKind.Platform => ReasonCode.PlatformChanged,
            _ => throw new ArgumentOutOfRangeException(nameof(difference)),
        };
        return new Reason(code, difference.Subject, Detail(difference));
    }

    private static string Detail(FieldDifference difference) => (difference.Before, difference.After) switch
    {
        (null, { } after) => after.Length == 0 ? "added" : $"added: {Brief(difference.Kind, after)}",
        ({ } before, null) => before.Length == 0 ? "removed" : $"removed: {Brief(difference.Kind, before)}",
        ({ } before, { } after) => $"{Brief(difference.Kind, before)} -> {Brief(difference.Kind, after)}",
        _ => "",
    };

    // Twelve digits tell two contents apart; a command is cut where it gets long.
    private static string Brief(FieldKind kind, string value)
    {
        const string Prefix = "sha256:";
        var start = value.IndexOf(Prefix, StringComparison.Ordinal);
        if (kind is not (FieldKind.Command or FieldKind.Variable or FieldKind.Param or FieldKind.Platform) && start >= 0)
        {
            var digest = value.Substring(start, Math.Min(Prefix.Length + 12, value.Length - start));
            return value.StartsWith("100755", StringComparison.Ordinal) ? $"{digest} (executable)" : digest;
        }

        if (kind is FieldKind.Image && value.Length == 0)
        {
            return "the name alone";
        }

        return value.Length > 100 ? value[..100] + "…" : value;
    }
}
