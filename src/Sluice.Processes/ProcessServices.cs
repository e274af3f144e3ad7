using Sluice.Core.Running;

namespace Sluice.Processes;

/// <summary>What a host registers.</summary>
public static class ProcessServices
{
    /// <summary>Kills what a supervisor that was killed itself has left of tasks below a folder of work folders.</summary>
    public static void EndStrays(StateFolder state) => Strays.Kill(tag => tag.StartsWith(state.Work + "/", StringComparison.Ordinal));

    /// <summary>The process engine; disposing it ends every command.</summary>
    public static ICommandEngine CreateEngine(ProcessOptions options, TimeProvider time) => new ProcessEngine(options, time);

    /// <summary>An engine whose commands are children of this process, which must have no others.</summary>
    /// <param name="name">Its name in records.</param>
    /// <param name="grace">Time between SIGTERM and SIGKILL.</param>
    /// <param name="isHidden">Which of this process's variables no command sees.</param>
    /// <param name="echo">Takes the output too, as it comes; null for none.</param>
    /// <param name="time">The time.</param>
    public static ICommandEngine CreateChildEngine(string name, TimeSpan grace, Func<string, bool> isHidden, Stream? echo, TimeProvider time) =>
        new ChildEngine(name, grace, isHidden, echo, time);
}
