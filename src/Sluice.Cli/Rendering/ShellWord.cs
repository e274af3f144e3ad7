namespace Sluice.Cli.Rendering;

/// <summary>A text that a person may paste into a shell.</summary>
internal static class ShellWord
{
    private const string Plain = "_-./:=@%+,";

    /// <summary>The text as one word.</summary>
    public static string Quote(string text) => text.Length > 0 && text.All(it => char.IsLetterOrDigit(it) || Plain.Contains(it, StringComparison.Ordinal))
        ? text
        : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
