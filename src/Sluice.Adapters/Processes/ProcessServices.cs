using Sluice.Core.Running;

namespace Sluice.Adapters.Processes;

/// <summary>What a host registers.</summary>
public static class ProcessServices
{
    /// <summary>Kills what a supervisor that was killed itself has left of tasks below a folder of work folders.</summary>
    public static void EndStrays(StateFolder state) => Strays.Kill(tag => tag.StartsWith(state.Work + "/", StringComparison.Ordinal));

    /// <summary>The process engine; disposing it ends every command.</summary>
    public static ICommandEngine CreateEngine(ProcessOptions options, TimeProvider time) => new ProcessEngine(options, time);
}
