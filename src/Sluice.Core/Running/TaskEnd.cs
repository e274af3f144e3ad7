using Sluice.Core.Results;

namespace Sluice.Core.Running;

/// <summary>How a task ended that was started.</summary>
/// <param name="State">What became of it.</param>
/// <param name="Result">The result that stands for it; null when it failed.</param>
internal sealed record TaskEnd(TaskState State, RecordedTask? Result);
