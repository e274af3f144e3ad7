namespace Sluice.Core.Builds;

/// <summary>What one instruction of a Dockerfile takes from the build's context, which is the repository.</summary>
/// <param name="Line">Where the instruction begins, from 1.</param>
/// <param name="Verb">What it does with it, such as <c>copies</c>.</param>
/// <param name="Source">As it is written.</param>
internal sealed record BuildRead(int Line, string Verb, string Source)
{
    private const int MaxShown = 80;

    /// <summary>For a person, who looks at the line for the rest.</summary>
    public string Shown => Source.Length > MaxShown ? Source[..MaxShown] + "…" : Source;

    /// <summary>What it matches; null where only the build knows: a variable is part of it, or it is nothing to match with. Made anew each time.</summary>
    public ContextPattern? Pattern => Source.Contains('$', StringComparison.Ordinal) ? null : ContextPattern.Parse(Source);
}
