namespace Sluice.Adapters.Argo;

/// <summary>A taint of nodes that does not keep pods away.</summary>
/// <param name="Key">The taint's key.</param>
/// <param name="Value">Its value; null is any.</param>
/// <param name="Effect"><c>NoSchedule</c>, <c>PreferNoSchedule</c> or <c>NoExecute</c>; null is any.</param>
public sealed record NodeToleration(string Key, string? Value, string? Effect);
