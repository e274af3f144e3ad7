namespace Sluice.Client;

/// <summary>One mistake in a file of the repository.</summary>
/// <param name="File">Its path.</param>
/// <param name="Line">1-based; 0 where there is none.</param>
/// <param name="Column">1-based; 0 where there is none.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Advice">What would be right.</param>
public sealed record MistakeView(string File, int Line, int Column, string Problem, string Advice);
