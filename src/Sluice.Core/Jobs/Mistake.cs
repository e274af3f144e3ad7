namespace Sluice.Core.Jobs;

/// <summary>One mistake of the user's in a file of the repository.</summary>
/// <param name="File">Path in the repository.</param>
/// <param name="Line">1-based; 0 where the mistake has no place.</param>
/// <param name="Column">1-based; 0 where the mistake has no place.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Advice">What would be right.</param>
public sealed record Mistake(string File, int Line, int Column, string Problem, string Advice)
{
    /// <inheritdoc/>
    public override string ToString() =>
        Line > 0 ? $"{File}:{Line}:{Column}: {Problem} {Advice}" : $"{File}: {Problem} {Advice}";
}
