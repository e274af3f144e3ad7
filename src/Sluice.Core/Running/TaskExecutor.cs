using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;

namespace Sluice.Core.Running;

/// <summary>Runs single tasks of one run: waits for its turn and a free slot, runs, and keeps the result.</summary>
internal sealed class TaskExecutor(
    PlannedRun planned, WorkOrders orders, Run run, TaskRunner runner, InFlight inFlight, TaskSlots slots, RunProgress progress, TimeProvider time)
{
    private readonly ConcurrentDictionary<Digest, BlobInfo> _listings = new();

    /// <summary>What only a task that is not cacheable sees.</summary>
    public IReadOnlyDictionary<string, string> VariablesOf(JobTask task) => RunVariables.Of(task, run.Commit, run.Id);

    /// <summary>What became of a task whose result was found: executed, where this very run has made it before it was interrupted.</summary>
    public TaskState StateOf(RecordedTask found, TaskState otherwise) => found.Provenance.Run == run.Id ? TaskState.Executed : otherwise;

    /// <summary>Runs a task, or takes the result that another run has just made.</summary>
    /// <exception cref="DamagedContentException">An input's content is missing or damaged.</exception>
    public async Task<TaskEnd> ExecuteAsync(
        ResolvedTask task,
        ImmutableArray<FingerprintField> fields,
        Fingerprint fingerprint,
        IReadOnlyList<StoredFile> inputs,
        CancellationToken cancellationToken)
    {
        using var turn = await inFlight.EnterAsync(run.Job, fingerprint, cancellationToken);
        if (turn.HadToWait && await planned.Reuse.FindAsync(task.Task, fingerprint, cancellationToken) is { Result: { } made })
        {
            await HoldAsync(made, cancellationToken);
            return new TaskEnd(TaskState.Cached, made);
        }

        using var slot = await slots.AcquireAsync(cancellationToken);
        progress.Change(task.Index, it => it with { State = TaskState.Running, StartedAt = time.GetUtcNow() });
        var outcome = await runner.RunAsync(
            orders.Of(task, inputs), attempts => progress.Change(task.Index, it => it with { Attempts = attempts }), cancellationToken);
        progress.Warn(outcome.Warnings);
        progress.Change(task.Index, it => it with
        {
            State = outcome.Files is null ? TaskState.Failed : it.State,
            Attempts = outcome.Attempts,
            ExitCode = outcome.Attempts[^1].ExitCode,
            Error = outcome.Error,
            FinishedAt = time.GetUtcNow(),
        });
        return outcome.Files is { } files
            ? new TaskEnd(TaskState.Executed, await KeepAsync(task, fields, fingerprint, files, outcome, cancellationToken))
            : new TaskEnd(TaskState.Failed, null);
    }

    /// <summary>Keeps a result that was found from being given up while the run goes on.</summary>
    public Task HoldAsync(RecordedTask result, CancellationToken cancellationToken) =>
        planned.Store.HoldAsync(run.Id, result.Needed, cancellationToken);

    private async Task<RecordedTask> KeepAsync(
        ResolvedTask task,
        ImmutableArray<FingerprintField> fields,
        Fingerprint fingerprint,
        ResultFiles files,
        TaskOutcome outcome,
        CancellationToken cancellationToken)
    {
        var result = new TaskResult
        {
            Fingerprint = fingerprint,
            Fields = fields,
            Listings = await KeepListingsAsync(fields, cancellationToken),
            Files = files,
            Provenance = new Provenance
            {
                Run = run.Id,
                Task = task.Task.Name,
                Commit = run.Commit,
                Engine = run.Engine,
                StartedAt = outcome.Attempts[^1].StartedAt,
                FinishedAt = time.GetUtcNow(),
            },
        };

        // The loser of a race adopts the winner's result before anything downstream starts.
        var kept = await planned.Store.PutResultAsync(result, IsReplacing(task.Task), cancellationToken);
        return RecordedTask.Of(task.Task.Name, kept);
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
