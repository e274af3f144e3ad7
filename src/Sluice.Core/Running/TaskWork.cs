using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Results;

namespace Sluice.Core.Running;

/// <summary>One task to run, with everything that its fingerprint names.</summary>
public sealed record TaskWork
{
    /// <summary>The run.</summary>
    public required RunId Run { get; init; }

    /// <summary>The job.</summary>
    public required JobName Job { get; init; }

    /// <summary>The task.</summary>
    public required ResolvedTask Task { get; init; }

    /// <summary>The image that it runs in, by its digest where it has one; null where it has none.</summary>
    public string? Image { get; init; }

    /// <summary>Whether the image is built for the commit, and may still come.</summary>
    public bool AwaitsImage { get; init; }

    /// <summary>Told, for a person, what a command waits for that does not begin at once, and given the wait: others may run until it is over.</summary>
    public Func<string, Task, Task>? OnWait { get; init; }

    /// <summary>Where contents come from and go to.</summary>
    public required ITaskContents Contents { get; init; }

    /// <summary>Script, code and environment files, relative to the working folder.</summary>
    public required IReadOnlyList<StoredFile> Code { get; init; }

    /// <summary>Inputs, relative to the data folder.</summary>
    public required IReadOnlyList<StoredFile> Inputs { get; init; }

    /// <summary>The listed parameters as YAML; null where the task has none.</summary>
    public string? Parameters { get; init; }

    /// <summary>What only a task that is not cacheable sees.</summary>
    public required IReadOnlyDictionary<string, string> RunVariables { get; init; }

    /// <summary>Files of the job that the task did not declare, by name: for the hint when it misses one.</summary>
    public required Func<IEnumerable<string>> Undeclared { get; init; }
}
