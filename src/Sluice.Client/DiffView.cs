namespace Sluice.Client;

/// <summary>The results that differ between two commits.</summary>
/// <param name="From">The older commit.</param>
/// <param name="To">The newer commit.</param>
/// <param name="Files">What differs, sorted by path.</param>
public sealed record DiffView(string From, string To, IReadOnlyList<FileDifferenceView> Files);

/// <summary>One file that differs.</summary>
/// <param name="Path">Relative to the data folder.</param>
/// <param name="Change"><c>added</c>, <c>removed</c> or <c>modified</c>.</param>
/// <param name="Task">The task responsible; null for a source.</param>
/// <param name="Before">Digest before; null where it was added.</param>
/// <param name="After">Digest after; null where it was removed.</param>
/// <param name="SizeBefore">Size before, in bytes.</param>
/// <param name="SizeAfter">Size after, in bytes.</param>
public sealed record FileDifferenceView(
    string Path, string Change, string? Task, string? Before, string? After, long? SizeBefore, long? SizeAfter);
