namespace Sluice.Adapters.Containers;

/// <summary>How tasks run as containers of this machine. Read and checked with all other settings (<c>SLUICE_CONTAINER__…</c>).</summary>
public sealed record ContainerOptions
{
    /// <summary>Most processes and threads of one task, where nothing else is said.</summary>
    public const int DefaultPids = 4096;

    /// <summary>Where the engine listens: <c>unix:///path</c> or <c>tcp://host:port</c>; it has to be on this machine.</summary>
    public required Uri Host { get; init; }

    /// <summary>The user of every task, as <c>uid:gid</c>.</summary>
    public required string User { get; init; }

    /// <summary>Whether folders have to be handed to that user before a command and taken back after it: the service is root, the user another one.</summary>
    public bool HandsFoldersOver { get; init; }

    /// <summary>Says whose containers these are: the digest of the state folder.</summary>
    public required string State { get; init; }

    /// <summary>Most processes and threads of one task.</summary>
    public int Pids { get; init; } = DefaultPids;

    /// <summary>The limit of a task that says nothing itself, in Kubernetes' notation; null is none.</summary>
    public string? Cpu { get; init; }

    /// <summary>Likewise for memory.</summary>
    public string? Memory { get; init; }

    /// <summary>The engine's network that a task has which asks for it; null where none may.</summary>
    public string? Network { get; init; }

    /// <summary>Whether an image that is not there is pulled.</summary>
    public bool Pulls { get; init; } = true;

    /// <summary>How long an image may take that is built for a commit and not there yet.</summary>
    public TimeSpan ImageWait { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Time between SIGTERM and SIGKILL.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);
}
