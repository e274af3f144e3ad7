using System.Collections.Immutable;
using System.Text;
using Sluice.Core.Results;

namespace Sluice.Core.Planning;

/// <summary>Adds to a plan what differs from the baseline, field by field; reads only what the tasks that run need.</summary>
public sealed class PlanExplainer(IJobStore store, FieldBuilder builder)
{
    private readonly Dictionary<Digest, string?> _stored = [];

    /// <summary>The plan with the differing fields of every task that will or may run among its reasons.</summary>
    public async Task<Plan> ExplainAsync(Plan plan, CancellationToken cancellationToken)
    {
        if (plan.Baseline is null || !plan.HasWork)
        {
            return plan;
        }

        var tasks = plan.Tasks.ToBuilder();
        for (var index = 0; index < tasks.Count; index++)
        {
            if (tasks[index] is { WillOrMayRun: true } task)
            {
                var differences = await DifferencesAsync(task.Fields, plan.Baseline.Find(task.Task.Task.Name), cancellationToken);
                tasks[index] = task with { Reasons = [.. Known(task, differences), .. task.Reasons] };
            }
        }

        return plan with { Tasks = tasks.DrainToImmutable() };
    }

    /// <summary>What differs between fields and those behind a recorded task; nothing where the latter are not kept.</summary>
    public async Task<IReadOnlyList<FieldDifference>> DifferencesAsync(
        ImmutableArray<FingerprintField> after, RecordedTask? recorded, CancellationToken cancellationToken)
    {
        if (recorded is null || await store.FindResultAsync(recorded.Fingerprint, cancellationToken) is not { } before)
        {
            return [];
        }

        var kept = before.Listings.ToDictionary(listing => listing.Digest);
        foreach (var digest in FieldDifferences.ListingsToOpen(before.Fields, after))
        {
            if (!_stored.ContainsKey(digest) && kept.TryGetValue(digest, out var listing))
            {
                _stored.Add(digest, await ReadAsync(listing, cancellationToken));
            }
        }

        return
        [
            .. FieldDifferences.Between(
                before.Fields, after, digest => builder.Listings.GetValueOrDefault(digest) ?? _stored.GetValueOrDefault(digest)),
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
