namespace Sluice.Client;

/// <summary>An error of the service: RFC 9457 with the contract's additions.</summary>
public sealed record ProblemView
{
    /// <summary>Stable; ends in a kebab-case name.</summary>
    public string Type { get; init; } = "about:blank";

    /// <summary>Short, the same for every problem of a type.</summary>
    public string Title { get; init; } = "";

    /// <summary>The HTTP status.</summary>
    public int Status { get; init; }

    /// <summary>What is wrong here, and what to do.</summary>
    public string? Detail { get; init; }

    /// <summary>Every mistake, where there are several.</summary>
    public IReadOnlyList<MistakeView>? Errors { get; init; }

    /// <summary>The run, where one failed.</summary>
    public string? RunId { get; init; }

    /// <summary>The task, where one failed.</summary>
    public string? Task { get; init; }

    /// <summary>The tail of its log.</summary>
    public string? LogTail { get; init; }
}
