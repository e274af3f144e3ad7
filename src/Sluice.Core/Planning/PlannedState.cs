namespace Sluice.Core.Planning;

/// <summary>What the plan predicts for a task.</summary>
public enum PlannedState
{
    /// <summary>The same fingerprint as in the baseline.</summary>
    Unchanged,

    /// <summary>A result stored by any other commit fits.</summary>
    Cached,

    /// <summary>It must run.</summary>
    Run,

    /// <summary>It depends on the bytes that its upstream will produce.</summary>
    MayRun,
}
