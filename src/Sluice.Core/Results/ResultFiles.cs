using System.Collections.Immutable;
using System.Text.Json.Serialization;

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
    [JsonIgnore]
    public IEnumerable<BlobInfo> Contents => Outputs.Concat(Logs).Concat(Metadata).Select(file => file.Content);

    /// <summary>Whether all contents pass; without the cost of an enumeration, since a plan asks this of every task.</summary>
    public bool All(Func<BlobInfo, bool> isThere) => All(Outputs, isThere) && All(Logs, isThere) && All(Metadata, isThere);

    private static bool All(ImmutableArray<StoredFile> files, Func<BlobInfo, bool> isThere)
    {
        foreach (var file in files)
        {
            if (!isThere(file.Content))
            {
                return false;
            }
        }

        return true;
    }
}
