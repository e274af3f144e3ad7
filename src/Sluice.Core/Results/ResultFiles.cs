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

    /// <summary>Whether nothing was left out of it, and no file is in it twice: what was read from elsewhere may be anything.</summary>
    [JsonIgnore]
    public bool IsWellFormed => AreWellFormed(Outputs) && AreWellFormed(Logs) && AreWellFormed(Metadata);

    /// <summary>Whether a look saw all contents. A plan asks this of every task, and mostly the look knows at once: then nothing is allocated.</summary>
    public ValueTask<bool> AreThereAsync(IContentLook look, CancellationToken cancellationToken)
    {
        foreach (var files in (ReadOnlySpan<ImmutableArray<StoredFile>>)[Outputs, Logs, Metadata])
        {
            foreach (var file in files)
            {
                var isThere = look.IsThereAsync(file.Content, cancellationToken);
                if (!isThere.IsCompletedSuccessfully)
                {
                    return AskAsync(isThere);
                }

                if (!isThere.Result)
                {
                    return ValueTask.FromResult(false);
                }
            }
        }

        return ValueTask.FromResult(true);

        async ValueTask<bool> AskAsync(ValueTask<bool> first) =>
            await first && await look.FirstLostAsync(Contents, cancellationToken) is null;
    }

    private static bool AreWellFormed(ImmutableArray<StoredFile> files) =>
        !files.IsDefault
        && files.All(file => file is { Path.Value: not null, Content.IsWellFormed: true })
        && files.DistinctBy(file => file.Path).Count() == files.Length;
}
