using Sluice.Core.Results;

namespace Sluice.Core.Planning;

/// <summary>The result that stands for a task, or why none does.</summary>
/// <param name="Result">The result; null when the task has to run.</param>
/// <param name="IsBaseline">Whether it is the baseline's own.</param>
/// <param name="Refused">Why a result that may exist is not used; null when there is simply none.</param>
public readonly record struct Reuse(RecordedTask? Result, bool IsBaseline, ReasonCode? Refused);
