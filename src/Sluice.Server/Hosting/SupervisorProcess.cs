using Sluice.Processes;

namespace Sluice.Server.Hosting;

/// <summary>The hidden command that supervises local tasks; dispatched before anything else is loaded.</summary>
public static class SupervisorProcess
{
    /// <summary>Its name.</summary>
    public const string Command = Supervisor.Command;

    /// <summary>Runs until the standard input ends.</summary>
    public static int Run() => Supervisor.Run(Console.In, Console.Out);
}
