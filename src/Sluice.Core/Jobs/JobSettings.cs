using System.Collections.Immutable;

namespace Sluice.Core.Jobs;

/// <summary>The entry <c>$job</c> of <c>dependencies.yaml</c>; what is null takes the contract's default.</summary>
public sealed record JobSettings
{
    /// <summary>Default name of the job on the command line.</summary>
    public JobName? Name { get; init; }

    /// <summary>The folder of the code; null is <c>src/&lt;job name&gt;</c>.</summary>
    public RepoPath? CodeFolder { get; init; }

    /// <summary>The folder of the data.</summary>
    public RepoPath DataFolder { get; init; } = RepoPath.Trusted("data");

    /// <summary>Globs of the code that every task may import; null is the whole code folder.</summary>
    public ImmutableArray<string>? Shared { get; init; }

    /// <summary>Globs of the files that decide the environment; null is the contract's list of well-known files.</summary>
    public ImmutableArray<string>? EnvironmentFiles { get; init; }
}
