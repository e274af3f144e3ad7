namespace Sluice.Core.Running;

/// <summary>A part of a list.</summary>
/// <param name="Items">At most as many as asked for.</param>
/// <param name="NextCursor">What to pass for the next part; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);
