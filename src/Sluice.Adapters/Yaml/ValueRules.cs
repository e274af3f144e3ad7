using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Sluice.Adapters.Yaml;

/// <summary>What single values may look like (contract, section 1).</summary>
internal static partial class ValueRules
{
    /// <summary>Names of variables that are Sluice's own.</summary>
    private static readonly HashSet<string> OwnVariables =
        ["DATA_INPUT_PATH", "DATA_OUTPUT_PATH", "LOGS_OUTPUT_PATH", "METADATA_OUTPUT_PATH", "HOME", "TMPDIR"];

    private static readonly SearchValues<char> ReservedCharacters = SearchValues.Create("*?[]{}");

    /// <summary>The longest <c>timeout</c>.</summary>
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(30);

    /// <summary>Characters that later releases will give a meaning to.</summary>
    public static bool HasReservedCharacter(string text) => text.AsSpan().ContainsAny(ReservedCharacters);

    /// <summary>Whether it names another place than the data folder.</summary>
    public static bool HasScheme(string text) => Scheme().IsMatch(text);

    /// <summary>An image reference as a registry takes it, with or without tag or digest.</summary>
    public static bool IsImage(string text) => Image().IsMatch(text);

    /// <summary>A name of a variable that a shell can use and that is not Sluice's own.</summary>
    public static bool IsVariable(string text) =>
        Variable().IsMatch(text) && !OwnVariables.Contains(text) && !text.StartsWith("SLUICE_", StringComparison.Ordinal);

    /// <summary>A dotted key of <c>params.yaml</c>.</summary>
    public static bool IsParam(string text) => Param().IsMatch(text);

    /// <summary>Kubernetes' notation of an amount of processor.</summary>
    public static bool IsCpu(string text) => Cpu().IsMatch(text);

    /// <summary>Kubernetes' notation of an amount of memory.</summary>
    public static bool IsMemory(string text) => Memory().IsMatch(text);

    /// <summary>A length of time like <c>90s</c>, <c>10m</c> or <c>1h30m</c>, at most 30 days.</summary>
    public static TimeSpan? Duration(string text)
    {
        var match = Time().Match(text);
        if (!match.Success || text.Length == 0)
        {
            return null;
        }

        var time = TimeSpan.FromSeconds((Part("h") * 3600.0) + (Part("m") * 60.0) + Part("s"));
        return time > TimeSpan.Zero && time <= LongestTimeout ? time : null;

        int Part(string name) => match.Groups[name].Success ? int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9+.-]*://")]
    private static partial Regex Scheme();

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9._:/@-]{0,254}\z")]
    private static partial Regex Image();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,199}\z")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\A[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){0,20}\z")]
    private static partial Regex Param();

    [GeneratedRegex(@"\A[0-9]{1,6}(m|\.[0-9]{1,3})?\z")]
    private static partial Regex Cpu();

    [GeneratedRegex(@"\A[0-9]{1,15}(Ki|Mi|Gi|Ti|k|M|G|T)?\z")]
    private static partial Regex Memory();

    [GeneratedRegex(@"\A((?<h>[0-9]{1,4})h)?((?<m>[0-9]{1,6})m)?((?<s>[0-9]{1,7})s)?\z")]
    private static partial Regex Time();
}
