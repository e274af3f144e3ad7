namespace Sluice.Core.Planning;

/// <summary>Why a task has to run.</summary>
/// <param name="Code">The kind of reason.</param>
/// <param name="Subject">What changed: a file, a variable, a task; may be empty.</param>
/// <param name="Detail">For a person: from what to what.</param>
public sealed record Reason(ReasonCode Code, string Subject, string Detail);
