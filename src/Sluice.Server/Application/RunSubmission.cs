using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sluice.Client;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
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
    /// <param name="request">What is asked for.</param>
    /// <param name="patience">
    /// How long to plan before the run is accepted as it is, to be planned when it is carried out: it is then a run of its own even where nothing
    /// has to run, and one that fails where the repository is broken. Until the ref is resolved there is no run to name, so that is waited for.
    /// </param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<(Run Run, bool IsStored)> SubmitAsync(RunRequest request, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var hurry = new CancellationTokenSource(patience, time);
        var wanted = await ResolveAsync(request, cancellationToken);

        // One at a time for a job: two equal requests must find each other.
        var turn = _turns.GetOrAdd(wanted.Job, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            await CheckOwnerAsync(wanted, request.Move, cancellationToken);
            if (await FindUnfinishedAsync(wanted, cancellationToken) is { } going)
            {
                // Nobody carries it out when the command that did was killed.
                await queue.EnqueueAsync(going);
                return (going, false);
            }

            var id = RunId.New(time.GetUtcNow());
            var planned = await PlanInTimeAsync(id, wanted, hurry.Token, cancellationToken);
            await RegisterAsync(wanted, cancellationToken);
            return planned is not null && await FindStoredAsync(planned, cancellationToken) is { } stored
                ? (stored, true)
                : (await StartAsync(id, wanted, planned?.Images, cancellationToken), false);
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
        var planned = await planner.PlanAsync(wanted.Job, wanted.Url, wanted.Ref.Commit, wanted.Options, id, images: null, cancellationToken);
        return (NewRun(id, wanted) with { Baseline = planned.Plan.Baseline?.Commit, Images = planned.Images, Warnings = planned.Warnings }, planned);
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
            LooksAgain = request.LooksAgain,
            Targets = [.. (request.Targets ?? []).Distinct()],
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
                $"The job name '{wanted.Job}' belongs to the repository {known.Url}; use another name, or move it with --move (\"move\": true in a request).");
        }
    }

    private async Task<Run?> FindUnfinishedAsync(Wanted wanted, CancellationToken cancellationToken) =>
        (await runs.ListUnfinishedAsync(cancellationToken)).LastOrDefault(
            run => run.Job == wanted.Job && run.Commit == wanted.Ref.Commit && IsSame(run.Options, wanted.Options));

    // The plan; null where it takes too long for somebody in a hurry.
    private async Task<PlannedRun?> PlanInTimeAsync(RunId id, Wanted wanted, CancellationToken hurry, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(hurry, cancellationToken);
        try
        {
            return await planner.PlanAsync(wanted.Job, wanted.Url, wanted.Ref.Commit, wanted.Options, id, images: null, either.Token);
        }
        catch (OperationCanceledException) when (hurry.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
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
        // Cached is not enough: with an image that was moved back, other results count than those of the commit's newest record.
        if (planned.Plan.Tasks.Any(task => task.State != PlannedState.Unchanged) || planned.Plan.Baseline is not { } baseline || baseline.Commit != planned.Revision.Commit || !planned.IsWhole)
        {
            return null;
        }

        var space = await store.OpenAsync(planned.Job.Name, cancellationToken);
        if (await space.FindRecordAsync(planned.Revision.Commit, run: null, cancellationToken) is not { } record)
        {
            return null;
        }

        var look = await space.Blobs.LookAsync(record.Contents, cancellationToken);
        return await look.FirstLostAsync(record.Contents, cancellationToken) is null
            && await runs.FindRunAsync(record.Run, cancellationToken) is { Status: RunStatus.Succeeded } stored
            ? stored
            : null;
    }

    private async Task<Run> StartAsync(
        RunId id, Wanted wanted, ImmutableSortedDictionary<string, Digest>? images, CancellationToken cancellationToken)
    {
        var run = NewRun(id, wanted) with { Images = images is { IsEmpty: true } ? null : images };
        await runs.SaveAsync(run, [], cancellationToken);
        await queue.EnqueueAsync(run);
        return run;
    }

    private Run NewRun(RunId id, Wanted wanted) => new()
    {
        Id = id,
        Kind = wanted.Options.LooksAgain ? RunKind.Sync : RunKind.Run,
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
        left.Force.ToHashSet().SetEquals(right.Force) && left.Targets.ToHashSet().SetEquals(right.Targets) && left.Adopt == right.Adopt && left.LooksAgain == right.LooksAgain;

    private sealed record Wanted(JobName Job, RepositoryUrl Url, ResolvedRef Ref, RunOptions Options);
}
