namespace Sluice.Core.Results;

/// <summary>One named part of what decides a task's bytes.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Subject">Which one of its kind.</param>
/// <param name="Value">The part itself, or the digest that stands for it.</param>
public sealed record FingerprintField(FieldKind Kind, string Subject, string Value);
