namespace Sluice.Core.Running;

/// <summary>Where commands run. One contract suite for all of them; staging and storing are the <see cref="TaskRunner"/>'s.</summary>
public interface IEngine
{
    /// <summary>The name in configuration and records: <c>process</c>, <c>container</c> or <c>argo</c>.</summary>
    string Name { get; }

    /// <summary>What a task's fingerprint says of where it runs, for example <c>host:linux-x64</c>.</summary>
    string Environment { get; }

    /// <summary>
    /// Runs one command in a prepared folder and returns when it and every process it started have ended.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled, and the whole process tree has ended: SIGTERM, after the
    /// grace time SIGKILL.</exception>
    /// <exception cref="EngineFailedException">The engine failed; nothing of the command is left running, and it may be tried alone.</exception>
    /// <exception cref="SluiceException">The engine itself does not work (Unavailable); nothing is said of the task.</exception>
    Task<CommandOutcome> RunAsync(CommandRequest request, CancellationToken cancellationToken);
}
