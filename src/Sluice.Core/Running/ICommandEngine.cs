namespace Sluice.Core.Running;

/// <summary>
/// An engine that runs one command in a folder of this machine. One contract suite for all of them; staging and storing are the
/// <see cref="TaskRunner"/>'s.
/// </summary>
public interface ICommandEngine : IEngine
{
    /// <summary>Where a command sees the folder of its attempt; null is where it is.</summary>
    string? FolderSeenAs { get; }

    /// <summary>
    /// Runs one command in a prepared folder and returns when it and every process it started have ended.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled, and the whole process tree has ended: SIGTERM, after the
    /// grace time SIGKILL.</exception>
    /// <exception cref="EngineFailedException">The engine failed; nothing of the command is left running, and it may be tried alone.</exception>
    /// <exception cref="SluiceException">The engine itself does not work (Unavailable); nothing is said of the task.</exception>
    Task<CommandOutcome> RunAsync(CommandRequest request, CancellationToken cancellationToken);
}
