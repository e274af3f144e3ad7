using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Results;

namespace Sluice.Core.Planning;

/// <summary>Decides which tasks run. No clock, no disk, no network, no logger: what is stored comes through <see cref="IResultLookup"/>.</summary>
public static class Planner
{
    /// <summary>How many root causes are named for a task that may run.</summary>
    private const int MaxRoots = 3;

    /// <summary>
    /// Walks the graph once, dependencies first. A task is left out when a result for its fingerprint is stored; one whose
    /// upstream will or may run has no fingerprint yet and may run.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="fields">Writes the fields.</param>
    /// <param name="cache">What was written before for this job at this commit.</param>
    /// <param name="reuse">Says whether a stored result may stand for a task.</param>
    /// <param name="selected">Which tasks are wanted, upstream included; null is all of them.</param>
    /// <param name="runVariables">What only tasks that are not cacheable see.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<Plan> CreateAsync(
        ResolvedJob job,
        FieldBuilder fields,
        FieldCache cache,
        ReusePolicy reuse,
        IReadOnlySet<int>? selected,
        Func<JobTask, IReadOnlyDictionary<string, string>> runVariables,
        CancellationToken cancellationToken)
    {
        var planned = new PlannedTask?[job.Tasks.Length];
        foreach (var index in job.Order)
        {
            if (selected?.Contains(index) is not false)
            {
                planned[index] = await PlanAsync(job.Tasks[index]);
            }
        }

        return new Plan(reuse.Baseline, [.. planned.OfType<PlannedTask>()]);

        async ValueTask<PlannedTask> PlanAsync(ResolvedTask task)
        {
            if (task.Upstream.Any(index => planned[index]!.WillOrMayRun))
            {
                return AfterUpstream(task, Write());
            }

            var (own, fingerprint) = task.Task.IsCacheable ? cache.Get(task, OutputsOf, fields.ImageOf(task.Task), Write) : Anew(Write());
            var found = await reuse.FindAsync(task.Task, fingerprint, cancellationToken);
            return new PlannedTask
            {
                Task = task,
                Fields = own,
                Fingerprint = fingerprint,
                State = found.Result is null ? PlannedState.Run : found.IsBaseline ? PlannedState.Unchanged : PlannedState.Cached,
                Result = found.Result,
                Reasons = found.Result is null ? OwnReasons(reuse, task.Task, found.Refused) : [],
            };

            ImmutableArray<FingerprintField> Write() => fields.FieldsOf(task, OutputsOf, runVariables(task.Task));
        }

        ImmutableArray<StoredFile>? OutputsOf(int index) => planned[index]!.Result?.Files.Outputs;

        // Whatever its upstream produces, a task that was asked for or that reads the outside world runs.
        PlannedTask AfterUpstream(ResolvedTask task, ImmutableArray<FingerprintField> own)
        {
            var must = reuse.WhyForced(task.Task) is { } reason ? reason.Code
                : task.Task.IsCacheable ? (ReasonCode?)null
                : ReasonCode.NotCacheable;
            return new PlannedTask
            {
                Task = task,
                Fields = own,
                State = must is null ? PlannedState.MayRun : PlannedState.Run,
                Reasons = [.. OwnReasons(reuse, task.Task, must), .. RootsOf(task, index => planned[index]!)],
            };
        }
    }

    private static ImmutableArray<Reason> OwnReasons(ReusePolicy reuse, JobTask task, ReasonCode? code) => code is { } known
        ? [reuse.WhyForced(task) is { } anew && anew.Code == known ? anew : new Reason(known, "", Words(known))]
        : reuse.Baseline?.Find(task.Name) is null
            ? [new Reason(ReasonCode.NewTask, task.Name.Value, Words(ReasonCode.NewTask))]
            : [];

    private static IEnumerable<Reason> RootsOf(ResolvedTask task, Func<int, PlannedTask> planned) => task.Upstream
        .Select(planned)
        .Where(upstream => upstream.WillOrMayRun)
        .SelectMany(upstream => upstream.State == PlannedState.Run
            ? [new Reason(ReasonCode.Upstream, upstream.Task.Task.Name.Value, "will run")]
            : upstream.Reasons.Where(reason => reason.Code == ReasonCode.Upstream))
        .DistinctBy(reason => reason.Subject)
        .Take(MaxRoots);

    private static (ImmutableArray<FingerprintField> Fields, Fingerprint Fingerprint) Anew(ImmutableArray<FingerprintField> fields) =>
        (fields, Fingerprint.Of(fields.AsSpan()));

    private static string Words(ReasonCode code) => code switch
    {
        ReasonCode.NewTask => "the baseline has no such task",
        ReasonCode.ResultMissing => "its stored result is lost or damaged",
        ReasonCode.NotCacheable => "cache: false, runs once in every run",
        ReasonCode.Effect => "works by its effect, and the baseline's was another",
        _ => "",
    };
}
