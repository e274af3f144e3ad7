namespace Sluice.Client;

/// <summary>What a run would do: a <see cref="RunView"/> with only what is predicted.</summary>
public sealed record PlanView
{
    /// <summary><c>run</c> or <c>sync</c>.</summary>
    public string Kind { get; init; } = "run";

    /// <summary>The job.</summary>
    public string JobName { get; init; } = "";

    /// <summary>The repository, without user info.</summary>
    public string JobUrl { get; init; } = "";

    /// <summary>The branch, tag or commit.</summary>
    public string Ref { get; init; } = "";

    /// <summary>40 or 64 hexadecimal digits.</summary>
    public string Commit { get; init; } = "";

    /// <summary>The commit it is compared with.</summary>
    public string? BaselineCommit { get; init; }

    /// <summary>The engine.</summary>
    public string Engine { get; init; } = "";

    /// <summary>What a person should know although it is no error.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>How many tasks are predicted to be what.</summary>
    public IReadOnlyDictionary<string, int> Counts { get; init; } = new Dictionary<string, int>();

    /// <summary>The tasks, without a state; over 1,000, only those that will or may run.</summary>
    public IReadOnlyList<TaskView> Tasks { get; init; } = [];
}
