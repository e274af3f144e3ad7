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

    /// <summary>Whether a look saw all contents; without the cost of an enumeration, since a plan asks this of every task.</summary>
    public async ValueTask<bool> AreThereAsync(IContentLook look, CancellationToken cancellationToken) =>
        await AreThereAsync(Outputs, look, cancellationToken)
        && await AreThereAsync(Logs, look, cancellationToken)
        && await AreThereAsync(Metadata, look, cancellationToken);

    private static async ValueTask<bool> AreThereAsync(ImmutableArray<StoredFile> files, IContentLook look, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            if (!await look.IsThereAsync(file.Content, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }
}
