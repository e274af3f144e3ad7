using Sluice.Core.Results;

namespace Sluice.Core.Planning;

/// <summary>A field that differs between two fingerprints, or a file inside one that stands for a listing.</summary>
/// <param name="Kind">The field's kind.</param>
/// <param name="Subject">Which one; for a listing the path of the file.</param>
/// <param name="Before">Its value before; null where it was not there.</param>
/// <param name="After">Its value after; null where it is not there.</param>
public sealed record FieldDifference(FieldKind Kind, string Subject, string? Before, string? After);
