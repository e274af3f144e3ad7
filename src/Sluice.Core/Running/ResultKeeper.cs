using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;

namespace Sluice.Core.Running;

/// <summary>Keeps what the tasks of one run have made, with all that says how it came about.</summary>
internal sealed class ResultKeeper(PlannedRun planned, Run run, TimeProvider time)
{
    private readonly ConcurrentDictionary<Digest, BlobInfo> _listings = new();

    /// <summary>Keeps a result.</summary>
    /// <param name="node">The task, with its fields and its fingerprint.</param>
    /// <param name="files">What it made.</param>
    /// <param name="startedAt">When its last attempt began.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The result, and the one that the store has: another, where somebody else was faster.</returns>
    public async Task<(TaskResult Made, TaskResult Kept)> KeepAsync(
        ExecutionNode node, ResultFiles files, DateTimeOffset startedAt, CancellationToken cancellationToken)
    {
        var result = new TaskResult
        {
            Fingerprint = node.Fingerprint,
            Fields = node.Fields,
            Listings = await KeepListingsAsync(node.Fields, cancellationToken),
            Files = files,
            Provenance = new Provenance
            {
                Run = run.Id,
                Task = node.Task.Task.Name,
                Commit = run.Commit,
                Engine = run.Engine,
                StartedAt = startedAt,
                FinishedAt = time.GetUtcNow(),
            },
        };
        return (result, await planned.Store.PutResultAsync(result, IsReplacing(node.Task.Task), cancellationToken));
    }

    // What a forced task made counts from now on; so does what an effect did last.
    private bool IsReplacing(JobTask task) => planned.Reuse.IsForced(task) || task.IsEffect;

    private async Task<ImmutableArray<BlobInfo>> KeepListingsAsync(
        ImmutableArray<FingerprintField> fields, CancellationToken cancellationToken)
    {
        var kept = ImmutableArray.CreateBuilder<BlobInfo>();
        foreach (var digest in FieldDifferences.ListingsToOpen([], fields))
        {
            if (!_listings.TryGetValue(digest, out var listing))
            {
                using var text = new MemoryStream(Encoding.UTF8.GetBytes(planned.Fields.Listings[digest]));
                listing = _listings[digest] = await planned.Store.Blobs.PutAsync(text, cancellationToken);
            }

            kept.Add(listing);
        }

        return kept.DrainToImmutable();
    }
}
