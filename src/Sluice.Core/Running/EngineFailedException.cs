namespace Sluice.Core.Running;

/// <summary>The engine failed while it ran a command; nothing is said of the command, and nothing of it is left running.</summary>
public sealed class EngineFailedException(string message) : SluiceException(FaultKind.Unavailable, "engine-unavailable", message);
