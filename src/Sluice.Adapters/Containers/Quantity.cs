using System.Globalization;

namespace Sluice.Adapters.Containers;

/// <summary>Amounts in Kubernetes' notation, which jobs use on every engine.</summary>
internal static class Quantity
{
    // Longer suffixes first: Mi is no M.
    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("Ki", 1024m), ("Mi", 1024m * 1024), ("Gi", 1024m * 1024 * 1024), ("Ti", 1024m * 1024 * 1024 * 1024),
        ("m", 0.001m), ("k", 1e3m), ("M", 1e6m), ("G", 1e9m), ("T", 1e12m),
    ];

    /// <summary>The amount in the given parts of one; null for no amount, the largest number for one that is larger.</summary>
    public static long? Of(string? text, decimal parts = 1)
    {
        if (text is null)
        {
            return null;
        }

        var (suffix, factor) = Suffixes.FirstOrDefault(it => text.EndsWith(it.Suffix, StringComparison.Ordinal), (Suffix: "", Factor: 1m));
        if (!decimal.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        return number >= long.MaxValue / (factor * parts) ? long.MaxValue : (long)Math.Ceiling(number * factor * parts);
    }
}
