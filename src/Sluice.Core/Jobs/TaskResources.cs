namespace Sluice.Core.Jobs;

/// <summary>What a task asks of the machine it runs on, in Kubernetes' notation; not part of the fingerprint.</summary>
/// <param name="Cpu">For example <c>500m</c> or <c>2</c>.</param>
/// <param name="Memory">For example <c>1Gi</c>.</param>
/// <param name="Gpu">Whole devices.</param>
public sealed record TaskResources(string? Cpu, string? Memory, int Gpu);
