using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Core.Planning;

/// <summary>Decides whether a stored result may stand for a task; asked when planning and again while running.</summary>
/// <param name="baseline">What the revision is compared with, if anything.</param>
/// <param name="lookup">What is stored.</param>
/// <param name="anew">The tasks to compute anew, each with the reason.</param>
/// <param name="run">The run: what it made itself, before a crash, always counts.</param>
public sealed class ReusePolicy(Baseline? baseline, IResultLookup lookup, IReadOnlyDictionary<TaskName, Reason> anew, RunId run)
{
    /// <summary>What the revision is compared with.</summary>
    public Baseline? Baseline => baseline;

    /// <summary>Whether the task is computed anew whatever is stored.</summary>
    public bool IsForced(JobTask task) => anew.ContainsKey(task.Name);

    /// <summary>Why the task is computed anew; null where it is not.</summary>
    public Reason? WhyForced(JobTask task) => anew.GetValueOrDefault(task.Name);

    /// <summary>Looks in the baseline first, then in the store.</summary>
    public async ValueTask<Reuse> FindAsync(JobTask task, Fingerprint fingerprint, CancellationToken cancellationToken)
    {
        var before = baseline?.Find(task.Name);
        var isAsBefore = before?.Fingerprint == fingerprint;
        if (isAsBefore && Allows(task, before!.Provenance, isAsBefore) is null
            && await lookup.AreThereAsync(before.Files, cancellationToken))
        {
            return new Reuse(before, IsBaseline: true, Refused: null);
        }

        if (await lookup.FindAsync(fingerprint, cancellationToken) is not { } result)
        {
            return new Reuse(null, false, WhyForced(task) is { } reason ? reason.Code : isAsBefore ? ReasonCode.ResultMissing : NotCacheable(task));
        }

        return Allows(task, result.Provenance, isAsBefore) is { } refused
            ? new Reuse(null, false, refused)
            : new Reuse(RecordedTask.Of(task.Name, result), isAsBefore, null);
    }

    private static ReasonCode? NotCacheable(JobTask task) => task.IsCacheable ? null : ReasonCode.NotCacheable;

    // A task that works by its effect is reused only from the baseline, so that a revert deploys again.
    private ReasonCode? Allows(JobTask task, Provenance provenance, bool isAsBefore) =>
        provenance.Run == run ? null
        : WhyForced(task) is { } reason ? reason.Code
        : task.IsEffect && !isAsBefore ? ReasonCode.Effect
        : NotCacheable(task);
}
