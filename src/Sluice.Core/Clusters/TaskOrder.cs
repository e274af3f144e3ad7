using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Core.Clusters;

/// <summary>All that a pod needs to know to run one task of a run, but what its upstream will make: that it reads from their claims.</summary>
public sealed record TaskOrder
{
    /// <summary>The version of this record's form.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The run.</summary>
    public required RunId Run { get; init; }

    /// <summary>The job.</summary>
    public required JobName Job { get; init; }

    /// <summary>The commit.</summary>
    public required CommitId Commit { get; init; }

    /// <summary>The task's place in the order of the file, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The task; its retries are the cluster's business.</summary>
    public required JobTask Task { get; init; }

    /// <summary>The digest of its image, where that was looked up.</summary>
    public Digest? ImageDigest { get; init; }

    /// <summary>The job's folder of data.</summary>
    public required RepoPath DataFolder { get; init; }

    /// <summary>What its fingerprint says of where it runs.</summary>
    public required string Environment { get; init; }

    /// <summary>Its script.</summary>
    public StoredFile? Script { get; init; }

    /// <summary>The code it may import.</summary>
    public required FileGroup Code { get; init; }

    /// <summary>The files that decide its environment.</summary>
    public required FileGroup EnvironmentFiles { get; init; }

    /// <summary>Its inputs, as in <see cref="ResolvedTask.Inputs"/>.</summary>
    public ImmutableArray<OrderedInput> Inputs { get; init; } = [];

    /// <summary>What those of its upstream made whose result was known when the order was written.</summary>
    public ImmutableArray<KnownOutputs> Known { get; init; } = [];

    /// <summary>The values of its parameters by dotted key, as YAML.</summary>
    public ImmutableSortedDictionary<string, string> Parameters { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Whether a result that anybody has made may stand for it; else only one of this very run, or the one below.</summary>
    public required bool IsReusable { get; init; }

    /// <summary>The fingerprint in the baseline of a task that works by its effect: that has happened then.</summary>
    public Fingerprint? Effect { get; init; }

    /// <summary>Whether adopted results count.</summary>
    public required bool Adopts { get; init; }

    /// <summary>Whether a result that another run has made may stand for the task.</summary>
    public bool MayReuse(Fingerprint fingerprint) => IsReusable || fingerprint == Effect;
}

/// <summary>An input of an order.</summary>
/// <param name="Declared">As the author wrote it.</param>
/// <param name="Sources">The files of the revision behind it, by their path in the repository.</param>
/// <param name="Producers">The indexes of the tasks that make it or a part of it.</param>
public sealed record OrderedInput(DataPath Declared, FileGroup Sources, ImmutableArray<int> Producers);

/// <summary>What a task has made.</summary>
/// <param name="Task">Its index.</param>
/// <param name="Outputs">Its files.</param>
public sealed record KnownOutputs(int Task, FileGroup Outputs);

/// <summary>Some files: here, where they are few, else in a list of their own that many orders share.</summary>
/// <param name="Files">The files; null where they are in a list.</param>
/// <param name="List">The digest of the list.</param>
public sealed record FileGroup(ImmutableArray<StoredFile>? Files, Digest? List);
