namespace Sluice.Adapters.Containers;

/// <summary>The user of commands.</summary>
/// <param name="Inside">As <c>uid:gid</c> in the container.</param>
/// <param name="Namespace">What an engine that maps users is told, so that the numbers outside are the service's to hand folders to; null for nothing.</param>
internal sealed record ContainerUser(string Inside, string? Namespace = null);
