using System.Collections.Concurrent;
using Sluice.Client;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Server.Application;

/// <summary>Turns a request into a run: a new one, one to join, or the stored one (contract, section 2, <c>POST /run</c>).</summary>
public sealed class RunSubmission(
    IRepositories repositories,
    IRunStore runs,
    IStore store,
    RunPlanner planner,
    RunQueue queue,
    IEngine engine,
    TimeProvider time,
    RunTrigger trigger)
{
    private readonly ConcurrentDictionary<JobName, SemaphoreSlim> _turns = new();

    /// <summary>The run for a request, and whether it is the stored one since nothing has to run.</summary>
    public async Task<(Run Run, bool IsStored)> SubmitAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var wanted = await ResolveAsync(request, cancellationToken);

        // One at a time for a job: two equal requests must find each other.
        var turn = _turns.GetOrAdd(wanted.Job, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            await CheckOwnerAsync(wanted, request.Move, cancellationToken);
            var newest = await runs.FindNewestAsync(wanted.Job, wanted.Ref.Commit, cancellationToken);
            if (newest is { IsEnded: false } && IsSame(newest.Options, wanted.Options))
            {
                // Nobody carries it out when the command that did was killed.
                await queue.EnqueueAsync(newest);
                return (newest, false);
            }

            var id = RunId.New(time.GetUtcNow());
            var planned = await planner.PlanAsync(wanted.Job, wanted.Url, wanted.Ref.Commit, wanted.Options, id, cancellationToken);
            await RegisterAsync(wanted, cancellationToken);
            return await FindStoredAsync(planned, cancellationToken) is { } stored
                ? (stored, true)
                : (await StartAsync(id, wanted, cancellationToken), false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>What a run would do.</summary>
    public async Task<(Run Run, PlannedRun Planned)> PlanAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var wanted = await ResolveAsync(request, cancellationToken);
        await CheckOwnerAsync(wanted, request.Move, cancellationToken);
        var id = RunId.New(time.GetUtcNow());
        var planned = await planner.PlanAsync(wanted.Job, wanted.Url, wanted.Ref.Commit, wanted.Options, id, cancellationToken);
        return (NewRun(id, wanted) with { Baseline = planned.Plan.Baseline?.Commit, Warnings = planned.Warnings }, planned);
    }

    private async Task<Wanted> ResolveAsync(RunRequest request, CancellationToken cancellationToken)
    {
        if (request.Parallelism < 1)
        {
            throw new SluiceException(FaultKind.BadRequest, "invalid-parallelism", "parallelism (-j): at least one task at once.");
        }

        var job = JobName.Parse(request.JobName);
        var url = repositories.Parse(request.JobUrl);
        var repository = await repositories.OpenAsync(url, cancellationToken);
        var resolved = await repository.ResolveAsync(request.Ref, cancellationToken);
        var options = new RunOptions
        {
            Adopt = request.Adopt ?? true,
            Force = [.. (request.Force ?? []).Distinct().Select(name => new TaskName(name))],
            FailFast = request.FailFast,
            Targets = [.. request.Targets ?? []],
            Parallelism = request.Parallelism,
        };
        return new Wanted(job, url, resolved, options);
    }

    private async Task CheckOwnerAsync(Wanted wanted, bool move, CancellationToken cancellationToken)
    {
        if (await runs.FindJobAsync(wanted.Job, cancellationToken) is { } known && known.Identity != wanted.Url.Identity && !move)
        {
            throw new SluiceException(
                FaultKind.Conflict,
                "job-name-taken",
                $"The job name '{wanted.Job}' belongs to the repository {known.Url}; use another name, or move it with \"move\": true.");
        }
    }

    private async Task RegisterAsync(Wanted wanted, CancellationToken cancellationToken)
    {
        var known = await runs.FindJobAsync(wanted.Job, cancellationToken);
        if (known?.Url != wanted.Url.Address)
        {
            await runs.SaveJobAsync(
                new Job(wanted.Job, wanted.Url.Address, wanted.Url.Identity, known?.CreatedAt ?? time.GetUtcNow()), cancellationToken);
        }
    }

    private async Task<Run?> FindStoredAsync(PlannedRun planned, CancellationToken cancellationToken)
    {
        if (planned.Plan.HasWork || planned.Plan.Baseline is not { } baseline || baseline.Commit != planned.Revision.Commit || !planned.IsWhole)
        {
            return null;
        }

        var space = await store.OpenAsync(planned.Job.Name, cancellationToken);
        return await space.FindRecordAsync(planned.Revision.Commit, run: null, cancellationToken) is { } record && record.Contents.All(space.Blobs.Look())
            ? await runs.FindRunAsync(record.Run, cancellationToken) is { Status: RunStatus.Succeeded } stored ? stored : null
            : null;
    }

    private async Task<Run> StartAsync(RunId id, Wanted wanted, CancellationToken cancellationToken)
    {
        var run = NewRun(id, wanted);
        await runs.SaveAsync(run, [], cancellationToken);
        await queue.EnqueueAsync(run);
        return run;
    }

    private Run NewRun(RunId id, Wanted wanted) => new()
    {
        Id = id,
        Trigger = trigger,
        Job = wanted.Job,
        Url = wanted.Url.Address,
        Ref = wanted.Ref.Name,
        Commit = wanted.Ref.Commit,
        Engine = engine.Name,
        Options = wanted.Options,
        CreatedAt = time.GetUtcNow(),
    };

    private static bool IsSame(RunOptions left, RunOptions right) =>
        left.Force.SequenceEqual(right.Force) && left.Targets.SequenceEqual(right.Targets) && left.Adopt == right.Adopt;

    private sealed record Wanted(JobName Job, RepositoryUrl Url, ResolvedRef Ref, RunOptions Options);
}
