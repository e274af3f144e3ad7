namespace Sluice.Processes;

/// <summary>How tasks run as processes of this machine. Read and checked with all other settings (<c>SLUICE_PROCESS__…</c>).</summary>
public sealed class ProcessOptions
{
    /// <summary>Names of the service's own variables that tasks see too.</summary>
    public IList<string> PassEnv { get; set; } = [];

    /// <summary>Time between SIGTERM and SIGKILL.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The command that runs the supervisor: the program, then its arguments. Empty means this program with <c>supervise</c>.</summary>
    public IList<string> Supervisor { get; set; } = [];
}
