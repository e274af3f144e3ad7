namespace Sluice.Core.Builds;

/// <summary>What one instruction of a Dockerfile takes from the build's context, which is the repository.</summary>
/// <param name="Line">Where the instruction begins, from 1.</param>
/// <param name="Verb">What it does with it, such as <c>copies</c>.</param>
/// <param name="Source">As it is written.</param>
internal sealed record BuildRead(int Line, string Verb, string Source)
{
    /// <summary>Whether only the build knows what it is: a variable is part of it.</summary>
    public bool IsVariable => Source.Contains('$', StringComparison.Ordinal);
}
