using System.Text.Json.Serialization;

namespace Sluice.Client;

/// <summary>One mistake in a file of the repository, or in the request.</summary>
/// <param name="File">Its path; null for a mistake in the request.</param>
/// <param name="Line">1-based; 0, and not written, where there is none.</param>
/// <param name="Column">1-based; 0, and not written, where there is none.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Advice">What would be right.</param>
public sealed record MistakeView(
    string? File,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Line,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Column,
    string Problem,
    string Advice)
{
    /// <summary>The field of the request; null for a mistake in a file, and for one of the request as a whole.</summary>
    public string? Field { get; init; }
}
