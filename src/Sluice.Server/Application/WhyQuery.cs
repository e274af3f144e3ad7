using System.Text;
using Sluice.Client;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;
using Sluice.Server.Hosting;

namespace Sluice.Server.Application;

/// <summary>Says why the tasks of a run ran, from the fields kept beside the results.</summary>
public sealed class WhyQuery(IRunStore runs, IStore store, RunGraphs graphs)
{
    private static readonly string[] NotCoveredByHost =
    [
        "programs and libraries of this machine that the command calls (only the operating system and the processor count)",
        "what the command reads by absolute path, from the network, or from the clock",
    ];

    private static readonly string[] NotCoveredByImage =
    [
        "what an image holds that counts by its name alone (without a tag, or track_image: false), but for code and environment files",
        "what the command reads from the network, or from the clock",
    ];

    /// <summary>The reasons of a run's tasks, or of one.</summary>
    /// <param name="run">The run.</param>
    /// <param name="task">One task; null for all that did not stay unchanged.</param>
    /// <param name="against">A run's id or a commit to compare with; null is the run's baseline.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<WhyView> GetAsync(Run run, string? task, string? against, CancellationToken cancellationToken)
    {
        var space = await store.OpenAsync(run.Job, cancellationToken);
        TaskName? name = task is null ? null : new TaskName(task);
        var wanted = await WantedAsync(run.Id, name, cancellationToken);
        var (other, before) = await OtherAsync(run, against, name, space, cancellationToken);

        // The fields of every task of a large job would be no answer that a person reads.
        IReadOnlyList<TaskWhyView> explained = name is null
            ? [.. wanted.Select(Plain)]
            : [await ExplainAsync(run, wanted[0], before, space, cancellationToken)];
        return new WhyView(run.Id.Value, other, RootCauses.Of(wanted, await graphs.LoadAsync(run, cancellationToken)), explained);
    }

    private static TaskWhyView Plain(TaskRun task) => new(Views.Of(task), [], null, []);

    private async Task<IReadOnlyList<TaskRun>> WantedAsync(RunId run, TaskName? name, CancellationToken cancellationToken) =>
        name is not { } one ? await runs.ReadTasksAsync(run, withUnchanged: false, cancellationToken)
        : await runs.FindTaskAsync(run, one, cancellationToken) is { } task ? [task]
        : throw new SluiceException(FaultKind.NotFound, "no-such-task", $"This run has no task '{one}'.");

    // What it is compared with, and the fingerprint that the task had there.
    private async Task<(string? Other, Fingerprint? Before)> OtherAsync(
        Run run, string? against, TaskName? name, IJobStore space, CancellationToken cancellationToken)
    {
        if (RunId.TryParse(against, out var id) && await runs.FindRunAsync(id, cancellationToken) is not null)
        {
            return (against, name is { } one ? (await runs.FindTaskAsync(id, one, cancellationToken))?.Fingerprint : null);
        }

        var commit = against is null ? run.Baseline
            : (await space.ListCommitsAsync(cancellationToken)).Cast<CommitId?>().FirstOrDefault(known => against.Length >= 7 && known!.Value.Value.StartsWith(against, StringComparison.Ordinal))
            ?? throw new SluiceException(FaultKind.NotFound, "no-such-commit", $"against: '{against}' is neither a run nor a stored commit of this job.");
        if (commit is { } found && await space.FindRecordAsync(found, run: null, cancellationToken) is { } record)
        {
            return (found.Value, record.Tasks.FirstOrDefault(task => task.Name == name)?.Fingerprint);
        }

        return (null, null);
    }

    private static async Task<TaskWhyView> ExplainAsync(
        Run run, TaskRun task, Fingerprint? other, IJobStore space, CancellationToken cancellationToken)
    {
        var after = task.Fingerprint is { } own ? await space.FindResultAsync(own, cancellationToken) : null;
        var before = other is { } old ? await space.FindResultAsync(old, cancellationToken) : null;
        var fields = before is null || after is null
            ? []
            : await DifferencesAsync(before, after, space, cancellationToken);
        var isReused = task.State is TaskState.Unchanged or TaskState.Cached or TaskState.CutOff or TaskState.Adopted;
        var reused = isReused ? await RecordedResults.FindAsync(space, run, task, cancellationToken) : null;
        return new TaskWhyView(
            Views.Of(task),
            fields,
            reused is null ? null : Views.Of(reused.Provenance),
            !isReused ? [] : run.Engine == SluiceSettings.ProcessEngine ? NotCoveredByHost : NotCoveredByImage);
    }

    private static async Task<IReadOnlyList<FieldDifferenceView>> DifferencesAsync(
        TaskResult before, TaskResult after, IJobStore space, CancellationToken cancellationToken)
    {
        var texts = new Dictionary<Digest, string>();
        foreach (var listing in before.Listings.Concat(after.Listings).DistinctBy(listing => listing.Digest))
        {
            if (await space.Blobs.OpenAsync(listing, cancellationToken) is { } stream)
            {
                using var reader = new StreamReader(stream, Encoding.UTF8);
                texts[listing.Digest] = await reader.ReadToEndAsync(cancellationToken);
            }
        }

        return
        [
            .. FieldDifferences.Between(before.Fields, after.Fields, texts.GetValueOrDefault)
                .Select(difference => new FieldDifferenceView(Views.Name(difference.Kind), difference.Subject, difference.Before, difference.After)),
        ];
    }
}
