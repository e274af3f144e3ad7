using Microsoft.Extensions.Logging;
using Sluice.Core.Clusters;

namespace Sluice.Adapters.Argo;

/// <summary>What a host registers.</summary>
public static class ArgoServices
{
    /// <summary>The engine that runs tasks as pods of Argo Workflows. Nothing is asked of the cluster before its first use.</summary>
    public static IClusterEngine CreateEngine(WorkflowOptions options, TimeProvider time, ILoggerFactory loggers) =>
        new ArgoEngine(options, FollowPace.Usual, time, loggers.CreateLogger<ArgoEngine>());
}
