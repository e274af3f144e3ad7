using Sluice.Core.Running;

namespace Sluice.Adapters.Processes;

/// <summary>What a host registers.</summary>
public static class ProcessServices
{
    /// <summary>The process engine; disposing it ends every command.</summary>
    public static IEngine CreateEngine(ProcessOptions options, TimeProvider time) => new ProcessEngine(options, time);
}
