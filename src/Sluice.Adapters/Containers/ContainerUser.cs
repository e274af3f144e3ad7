namespace Sluice.Adapters.Containers;

/// <summary>The user of commands.</summary>
/// <param name="Inside">As <c>uid:gid</c> in the container.</param>
/// <param name="IsKept">Whether the engine, which maps users, is to leave this one as it is.</param>
internal sealed record ContainerUser(string Inside, bool IsKept);
