using System.Collections.Immutable;

namespace Sluice.Core.Results;

/// <summary>The files that one execution of a task left.</summary>
public sealed record ResultFiles
{
    /// <summary>Every file of every output, sorted by path relative to the data folder.</summary>
    public ImmutableArray<StoredFile> Outputs { get; init; } = [];

    /// <summary>The command's output and what it wrote to LOGS_OUTPUT_PATH, relative to the task's log folder.</summary>
    public ImmutableArray<StoredFile> Logs { get; init; } = [];

    /// <summary>What it wrote to METADATA_OUTPUT_PATH, relative to the task's metadata folder.</summary>
    public ImmutableArray<StoredFile> Metadata { get; init; } = [];

    /// <summary>Every content behind them.</summary>
    public IEnumerable<BlobInfo> Contents => Outputs.Concat(Logs).Concat(Metadata).Select(file => file.Content);
}
