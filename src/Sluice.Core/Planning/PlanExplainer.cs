using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Core.Planning;

/// <summary>Adds to a plan what differs from the baseline, field by field; reads only what the tasks that run need. Safe for use by many at once.</summary>
/// <param name="store">The job's space.</param>
/// <param name="builder">The fields of the job as it is.</param>
/// <param name="imported">The baseline where the original service stored it: its results are not in the store yet.</param>
public sealed class PlanExplainer(IJobStore store, FieldBuilder builder, ImportedCommit? imported)
{
    private static readonly IReadOnlyDictionary<string, string> NoVariables = ImmutableDictionary<string, string>.Empty;

    private readonly Dictionary<Fingerprint, TaskResult> _before = imported?.Results.ToDictionary(result => result.Fingerprint) ?? [];
    private readonly ConcurrentDictionary<Digest, string?> _stored =
        new(imported?.Listings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)) ?? []);

    /// <summary>The plan with the differing fields of every task that will or may run among its reasons.</summary>
    public async Task<Plan> ExplainAsync(Plan plan, CancellationToken cancellationToken)
    {
        if (plan.Baseline is null || !plan.HasWork)
        {
            return plan;
        }

        var names = plan.Tasks.ToDictionary(task => task.Task.Index, task => task.Task.Task.Name);
        var tasks = plan.Tasks.ToBuilder();
        for (var index = 0; index < tasks.Count; index++)
        {
            if (tasks[index] is { WillOrMayRun: true } task)
            {
                var recorded = plan.Baseline.Find(task.Task.Task.Name);
                if (recorded is null || IsItselfAsBefore(task, recorded))
                {
                    continue;
                }

                var differences = await DifferencesAsync(task.Fields, recorded, cancellationToken);
                tasks[index] = task with { Reasons = [.. Known(task, differences), .. task.Reasons] };
            }
        }

        return plan with { Tasks = tasks.DrainToImmutable() };

        // With what upstream made for the baseline, its fingerprint is that of the baseline: all that differs is upstream, and nothing has to be read.
        bool IsItselfAsBefore(PlannedTask task, RecordedTask recorded) =>
            task.Fingerprint is null && task.Task.Task.IsCacheable
            && task.Task.Upstream.All(index => OutputsBefore(index) is not null)
            && Fingerprint.Of(builder.FieldsOf(task.Task, OutputsBefore, NoVariables).AsSpan()) == recorded.Fingerprint;

        ImmutableArray<StoredFile>? OutputsBefore(int index) => plan.Baseline.Find(names[index])?.Files.Outputs;
    }

    /// <summary>What differs between fields and those behind a recorded task; nothing where the latter are not kept.</summary>
    public async Task<IReadOnlyList<FieldDifference>> DifferencesAsync(
        ImmutableArray<FingerprintField> after, RecordedTask? recorded, CancellationToken cancellationToken)
    {
        if (recorded is null
            || (_before.GetValueOrDefault(recorded.Fingerprint) ?? await store.FindResultAsync(recorded.Fingerprint, cancellationToken)) is not { } result)
        {
            return [];
        }

        var kept = result.Listings.ToDictionary(listing => listing.Digest);
        foreach (var digest in FieldDifferences.ListingsToOpen(result.Fields, after))
        {
            if (!_stored.ContainsKey(digest) && kept.TryGetValue(digest, out var listing))
            {
                _stored[digest] = await ReadAsync(listing, cancellationToken);
            }
        }

        return
        [
            .. FieldDifferences.Between(
                result.Fields, after, digest => builder.Listings.GetValueOrDefault(digest) ?? _stored.GetValueOrDefault(digest)),
        ];
    }

    // An input whose producer will run is not known yet; that it is missing among the fields says nothing.
    private static ImmutableArray<Reason> Known(PlannedTask task, IEnumerable<FieldDifference> differences)
    {
        var unknown = task.Fingerprint is null
            ? task.Task.Inputs.Where(input => !input.Producers.IsEmpty).Select(input => input.Declared.ToString()).ToHashSet()
            : [];
        return Reasons.Of(differences.Where(difference =>
            difference.Kind != FieldKind.Input || difference.After is not null || !unknown.Contains(difference.Subject)));
    }

    private async Task<string?> ReadAsync(BlobInfo listing, CancellationToken cancellationToken)
    {
        await using var stream = await store.Blobs.OpenAsync(listing, cancellationToken);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
