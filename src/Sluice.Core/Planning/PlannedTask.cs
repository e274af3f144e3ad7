using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Results;

namespace Sluice.Core.Planning;

/// <summary>What the plan says of one task.</summary>
public sealed record PlannedTask
{
    /// <summary>The task.</summary>
    public required ResolvedTask Task { get; init; }

    /// <summary>The prediction.</summary>
    public required PlannedState State { get; init; }

    /// <summary>What decides its bytes, in canonical order; without the inputs that are not known yet.</summary>
    public required ImmutableArray<FingerprintField> Fields { get; init; }

    /// <summary>Known unless an upstream task will or may run.</summary>
    public Fingerprint? Fingerprint { get; init; }

    /// <summary>The result that stands for it, for <c>unchanged</c> and <c>cached</c>.</summary>
    public RecordedTask? Result { get; init; }

    /// <summary>Why it will or may run.</summary>
    public ImmutableArray<Reason> Reasons { get; init; } = [];

    /// <summary>Whether its command will or may be run.</summary>
    public bool WillOrMayRun => State is PlannedState.Run or PlannedState.MayRun;
}
