namespace Sluice.Client;

/// <summary>A task of a run as the contract shows it (section 2).</summary>
public sealed record TaskView
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>unchanged</c>, <c>cached</c>, <c>run</c> or <c>may_run</c>.</summary>
    public string Planned { get; init; } = "";

    /// <summary>What became of it; null for a plan.</summary>
    public string? State { get; init; }

    /// <summary>Why.</summary>
    public IReadOnlyList<ReasonView> Reasons { get; init; } = [];

    /// <summary><c>sha256:…</c>, once known.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The run that made the result.</summary>
    public string? ResultRun { get; init; }

    /// <summary>The commit of that run.</summary>
    public string? ResultCommit { get; init; }

    /// <summary>The last attempt's status.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>When its inputs were ready.</summary>
    public DateTimeOffset? QueuedAt { get; init; }

    /// <summary>When its first attempt began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it was decided.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Every try.</summary>
    public IReadOnlyList<AttemptView> Attempts { get; init; } = [];
}

/// <summary>Why a task runs.</summary>
/// <param name="Code">A reason code of the contract.</param>
/// <param name="Subject">What changed.</param>
/// <param name="Detail">From what to what.</param>
public sealed record ReasonView(string Code, string Subject, string Detail);

/// <summary>One try at a command.</summary>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="ExitCode">Its status.</param>
/// <param name="Error">Why it failed.</param>
public sealed record AttemptView(DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, int? ExitCode, string? Error);
