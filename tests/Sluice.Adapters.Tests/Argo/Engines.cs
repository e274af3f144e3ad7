using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Adapters.Argo;
using Sluice.Core.Clusters;
using Sluice.Testing.Kubernetes;

namespace Sluice.Adapters.Tests.Argo;

/// <summary>Engines that do not wait long for anything.</summary>
internal static class Engines
{
    public static readonly FollowPace Fast = new()
    {
        Statuses = TimeSpan.FromMilliseconds(1),
        Pods = TimeSpan.FromMilliseconds(10),
        FirstPause = TimeSpan.FromMilliseconds(5),
        MaxPause = TimeSpan.FromMilliseconds(50),
        Patience = TimeSpan.FromMinutes(1),
    };

    public static ArgoEngine Create(TestKubernetes kubernetes, WorkflowOptions? options = null, FollowPace? pace = null, TimeProvider? time = null,
        IRunCredentials? credentials = null) => new(
        (options ?? new WorkflowOptions()) with { Namespace = options?.Namespace ?? kubernetes.Namespace, KubeConfig = kubernetes.KubeConfig, HasRunCredentials = credentials is not null },
        credentials,
        pace ?? Fast,
        time ?? TimeProvider.System,
        NullLogger<ArgoEngine>.Instance);
}
