namespace Sluice.Client;

/// <summary>A part of a list.</summary>
/// <param name="Items">The items.</param>
/// <param name="NextCursor">What to pass as <c>cursor</c> for the next part; null at the end.</param>
public sealed record PageView<T>(IReadOnlyList<T> Items, string? NextCursor);
