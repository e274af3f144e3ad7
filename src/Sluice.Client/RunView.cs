namespace Sluice.Client;

/// <summary>A run as the contract shows it (section 2).</summary>
public sealed record RunView
{
    /// <summary>Its id.</summary>
    public string Id { get; init; } = "";

    /// <summary><c>run</c> or <c>sync</c>.</summary>
    public string Kind { get; init; } = "run";

    /// <summary><c>api</c>, <c>cli</c>, <c>webhook</c> or <c>poll</c>.</summary>
    public string Trigger { get; init; } = "api";

    /// <summary>The job.</summary>
    public string JobName { get; init; } = "";

    /// <summary>The repository, without user info.</summary>
    public string JobUrl { get; init; } = "";

    /// <summary>The branch, tag or commit.</summary>
    public string Ref { get; init; } = "";

    /// <summary>40 or 64 hexadecimal digits.</summary>
    public string Commit { get; init; } = "";

    /// <summary>The commit it was compared with.</summary>
    public string? BaselineCommit { get; init; }

    /// <summary>The engine.</summary>
    public string Engine { get; init; } = "";

    /// <summary><c>queued</c>, <c>planning</c>, <c>running</c>, <c>publishing</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>What a person should know although it is no error.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>How many tasks are in each state.</summary>
    public IReadOnlyDictionary<string, int> Counts { get; init; } = new Dictionary<string, int>();

    /// <summary>The tasks; over 1,000, only those neither <c>unchanged</c> nor <c>cached</c>. Null in a <c>run</c> event.</summary>
    public IReadOnlyList<TaskView>? Tasks { get; init; }

    /// <summary>Whether it has ended.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsEnded => Status is "succeeded" or "failed" or "cancelled";
}
