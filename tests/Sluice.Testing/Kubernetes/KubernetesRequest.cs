namespace Sluice.Testing.Kubernetes;

/// <summary>A request as a <see cref="TestKubernetes"/> got it.</summary>
/// <param name="Method">GET, POST, PATCH or DELETE.</param>
/// <param name="Path">The path.</param>
/// <param name="Query">The query, with its question mark; empty without.</param>
/// <param name="Body">The body.</param>
public sealed record KubernetesRequest(string Method, string Path, string Query, string Body)
{
    /// <summary>Whether it is a watch.</summary>
    public bool IsWatch => Query.Contains("watch=true", StringComparison.Ordinal);

    /// <summary>Whether it is for Workflows.</summary>
    public bool IsForWorkflows => Path.Contains("/workflows", StringComparison.Ordinal);
}
