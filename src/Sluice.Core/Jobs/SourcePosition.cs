namespace Sluice.Core.Jobs;

/// <summary>A place in <c>dependencies.yaml</c>; both numbers are 1-based.</summary>
public readonly record struct SourcePosition(int Line, int Column);
