using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Sluice.Core.Results;

namespace Sluice.Core.Clusters;

/// <summary>What a pod says of a task that has succeeded. A proposal: the service checks it before it makes a result of it.</summary>
public sealed record Claim
{
    /// <summary>The most letters of a warning, which is kept with its run: it names five paths at most.</summary>
    public const int MaxWarningLength = 32 * 1024;

    /// <summary>The version of this record's form.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The task's index.</summary>
    public required int Task { get; init; }

    /// <summary>The pod.</summary>
    public required string Pod { get; init; }

    /// <summary>What decided the bytes, by what the pod knew.</summary>
    public required Fingerprint Fingerprint { get; init; }

    /// <summary>What was made; the contents are in the run's own area.</summary>
    public required ResultFiles Files { get; init; }

    /// <summary>Whether a stored result stands for the task, and nothing was run: the contents are in the store then.</summary>
    public bool IsReused { get; init; }

    /// <summary>When the command began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it had ended.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>What a person should know although it succeeded.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Whether nothing was left out of it: whoever has the pods' credential may have written it.</summary>
    [JsonIgnore]
    public bool IsWellFormed => Files is { IsWellFormed: true } && Pod is not null && !Warnings.IsDefault && Warnings.All(warning => warning is { Length: <= MaxWarningLength });
}
