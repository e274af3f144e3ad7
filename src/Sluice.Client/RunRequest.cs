using System.Text.Json.Serialization;

namespace Sluice.Client;

/// <summary>The body of <c>POST /run</c>, <c>/sync</c> and <c>/api/v1/plan</c> (contract, section 2).</summary>
public sealed record RunRequest
{
    /// <summary>The job: <c>[a-z0-9][a-z0-9_-]{0,62}</c>.</summary>
    public required string JobName { get; init; }

    /// <summary>The repository's address.</summary>
    public required string JobUrl { get; init; }

    /// <summary>A branch, a tag or a commit; null is the default branch.</summary>
    public string? Ref { get; init; }

    /// <summary>Whether committed outputs are adopted for a job without a stored commit; null is true over HTTP.</summary>
    public bool? Adopt { get; init; }

    /// <summary>Tasks to compute anew.</summary>
    public IReadOnlyList<string>? Force { get; init; }

    /// <summary>Whether the first failure stops everything.</summary>
    public bool FailFast { get; init; }

    /// <summary>Whether a job name that belongs to another repository moves to this one.</summary>
    public bool Move { get; init; }

    /// <summary>Whether images are looked at again: <c>POST /sync</c> instead of <c>/run</c>.</summary>
    [JsonIgnore]
    public bool LooksAgain { get; init; }

    /// <summary>Tasks or outputs to restrict the run to, with all they need. A restricted run publishes nothing.</summary>
    public IReadOnlyList<string>? Targets { get; init; }

    /// <summary>Most tasks at once; null is the service's setting.</summary>
    public int? Parallelism { get; init; }
}
