namespace Sluice.Core.Results;

/// <summary>What a gc deleted, or would delete.</summary>
/// <param name="IsDryRun">Nothing was deleted.</param>
/// <param name="Commits">The commits given up.</param>
/// <param name="Results">How many results.</param>
/// <param name="Contents">How many contents, and files that ended runs have left for their pods.</param>
/// <param name="Bytes">How much space.</param>
public sealed record GcReport(bool IsDryRun, IReadOnlyList<string> Commits, int Results, int Contents, long Bytes);
