namespace Sluice.Adapters.Argo;

/// <summary>How Workflows are rendered: never from a repository. These defaults, until the engine that runs them brings its configuration.</summary>
public sealed record WorkflowOptions
{
    /// <summary>Where the Workflow runs.</summary>
    public string Namespace { get; init; } = "sluice";

    /// <summary>The account of the pods.</summary>
    public string ServiceAccount { get; init; } = "sluice-task";

    /// <summary>The image with the executor.</summary>
    public string ExecutorImage { get; init; } = "sluice-executor:0.1.0";

    /// <summary>Most pods at once.</summary>
    public int Parallelism { get; init; } = 20;

    /// <summary>How long an ended Workflow stays, in seconds.</summary>
    public int SecondsAfterCompletion { get; init; } = 3600;

    /// <summary>Longest time of a task without a timeout of its own, in seconds.</summary>
    public int DefaultDeadlineSeconds { get; init; } = 86_400;

    /// <summary>The numeric user of the pods.</summary>
    public int User { get; init; } = 8737;
}
