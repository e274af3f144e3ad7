using Microsoft.Extensions.Logging;
using Sluice.Core.Clusters;

namespace Sluice.Adapters.Argo;

/// <summary>What a host registers.</summary>
public static class ArgoServices
{
    /// <summary>The engine that runs tasks as pods of Argo Workflows. Nothing is asked of the cluster before its first use.</summary>
    /// <param name="options">How.</param>
    /// <param name="credentials">What makes the credentials of single runs; null where all share one.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where to tell what happens.</param>
    public static IClusterEngine CreateEngine(WorkflowOptions options, IRunCredentials? credentials, TimeProvider time, ILoggerFactory loggers) =>
        new ArgoEngine(options, credentials, FollowPace.Usual, time, loggers.CreateLogger<ArgoEngine>());
}
