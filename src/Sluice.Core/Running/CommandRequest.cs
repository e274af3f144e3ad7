using System.Collections.Immutable;
using Sluice.Core.Jobs;

namespace Sluice.Core.Running;

/// <summary>One command to run, with all that an engine needs to know.</summary>
public sealed record CommandRequest
{
    /// <summary>The program and its arguments.</summary>
    public required ImmutableArray<string> Argv { get; init; }

    /// <summary>The working folder, absolute; it exists.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>The folder of the attempt, with the working folder somewhere below it; null is the working folder alone.</summary>
    public string? Folder { get; init; }

    /// <summary>A folder below that for temporary files; null where the engine finds one.</summary>
    public string? TemporaryFolder { get; init; }

    /// <summary>The image that it runs in, by its digest where it has one; only for engines that use images.</summary>
    public string? Image { get; init; }

    /// <summary>Whether the image is built for the commit, and may still come: its tag is the commit's.</summary>
    public bool AwaitsImage { get; init; }

    /// <summary>Told, for a person, what a command waits for that does not begin at once, and given the wait: others may run until it is over.</summary>
    public Func<string, Task, Task>? OnWait { get; init; }

    /// <summary>What it asks of the machine; null is nothing.</summary>
    public TaskResources? Resources { get; init; }

    /// <summary>Whether it asks for the network.</summary>
    public bool UsesNetwork { get; init; }

    /// <summary>Whose command it is.</summary>
    public RunId? Run { get; init; }

    /// <summary>The task.</summary>
    public TaskName? Task { get; init; }

    /// <summary>
    /// All variables; the engine adds its own pass-through ones (contract, "What a task sees"), which never win. <c>TMPDIR</c> is a folder that no
    /// other command has at the same time: it tells whose a process is.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>A file that takes stdout and stderr as they come: appended to, and made with the first byte.</summary>
    public required string LogPath { get; init; }

    /// <summary>The largest log file, in bytes: there it is cut, with a note, and what comes after is read and dropped.</summary>
    public long MaxLogBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Whether to run it apart from all others, since the engine failed when it ran among them.</summary>
    public bool IsAlone { get; init; }

    /// <summary>Longest time of the command; null is no limit.</summary>
    public TimeSpan? Timeout { get; init; }
}
