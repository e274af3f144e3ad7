using System.Runtime.CompilerServices;
using Sluice.Client;
using Sluice.Core;
using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Server.Application;

/// <summary>What users can do, embedded: the endpoints and the command line call the same thing.</summary>
public sealed class SluiceService(
    RunSubmission submission, RunQueue queue, RunQueries runs, WhyQuery why, RunGraphs graphs, CommitQueries commits) : ISluiceApi
{
    private const int LogTailBytes = 4096;

    /// <summary>Above this many tasks a plan shows only those that will or may run.</summary>
    private const int MaxTasks = 1000;

    /// <inheritdoc/>
    public Task<SubmitResult> SubmitAsync(RunRequest request, CancellationToken cancellationToken = default) =>
        SubmitAsync(request, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Like the other, and plans for so long only: then the run is accepted without a plan.</summary>
    public async Task<SubmitResult> SubmitAsync(RunRequest request, TimeSpan patience, CancellationToken cancellationToken)
    {
        var (run, isStored) = await submission.SubmitAsync(request, patience, cancellationToken);
        return new SubmitResult(isStored ? await runs.GetAsync(run, cancellationToken) : Views.Of(run, tasks: null), isStored);
    }

    /// <summary>Waits for a run's end.</summary>
    public async Task<RunView> WaitAsync(string runId, CancellationToken cancellationToken)
    {
        var run = await runs.FindAsync(runId, cancellationToken);
        return await runs.GetAsync(await queue.WaitAsync(run.Id, cancellationToken), cancellationToken);
    }

    /// <summary>The problem of a run that did not succeed.</summary>
    public async Task<ProblemView> ProblemOfAsync(string runId, CancellationToken cancellationToken)
    {
        var run = await runs.FindAsync(runId, cancellationToken);
        var view = await runs.GetAsync(run, cancellationToken);
        var failed = view.Tasks?.FirstOrDefault(task => task.State == "failed");
        return new ProblemView
        {
            Type = Views.ProblemType(run.Status == RunStatus.Cancelled ? "run-cancelled" : failed is null ? "run-failed" : "task-failed"),
            Title = run.Status == RunStatus.Cancelled ? "The run was cancelled" : "The run failed",
            Status = run.Status == RunStatus.Cancelled ? 409 : Views.Status(run.Fault ?? FaultKind.Unprocessable),
            Detail = run.Error,
            RunId = run.Id.Value,
            Task = failed?.Name,
            LogTail = failed is null ? null : await TailAsync(runId, failed.Name, cancellationToken),
        };
    }

    /// <inheritdoc/>
    public async Task<PlanView> PlanAsync(RunRequest request, CancellationToken cancellationToken = default)
    {
        var (run, planned) = await submission.PlanAsync(request, cancellationToken);
        var tasks = planned.Plan.Tasks;
        var isLarge = tasks.Length > MaxTasks;
        return new PlanView
        {
            Kind = Views.Name(run.Kind),
            JobName = run.Job.Value,
            JobUrl = run.Url,
            Ref = run.Ref,
            Commit = run.Commit.Value,
            BaselineCommit = run.Baseline?.Value,
            Engine = run.Engine,
            Warnings = [.. run.Warnings],
            Counts = tasks.GroupBy(task => task.State).ToDictionary(group => Views.Name(group.Key), group => group.Count()),
            Tasks = [.. tasks.Where(task => !isLarge || task.WillOrMayRun).Select(Views.Of)],
        };
    }

    /// <summary>The Argo Workflow of what would run, without a run, and how many tasks that are.</summary>
    public async Task<(string Manifest, int Tasks)> RenderAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var (run, planned) = await submission.PlanAsync(request, cancellationToken);
        var wanted = planned.Plan.Tasks.Where(task => task.WillOrMayRun).Select(task => task.Task.Index).ToHashSet();
        return (graphs.Render(run, planned.Job, wanted), wanted.Count);
    }

    /// <summary>The graph of a commit, without a run.</summary>
    public async Task<GraphView> GraphOfAsync(RunRequest request, CancellationToken cancellationToken) =>
        RunGraphs.View((await submission.PlanAsync(request, cancellationToken)).Planned.Job);

    /// <inheritdoc/>
    public async Task<RunView> GetRunAsync(string runId, CancellationToken cancellationToken = default) =>
        await runs.GetAsync(await runs.FindAsync(runId, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<PageView<RunView>> ListRunsAsync(
        string? job, int? limit = null, string? cursor = null, CancellationToken cancellationToken = default) =>
        runs.ListRunsAsync(job, limit, cursor, cancellationToken);

    /// <inheritdoc/>
    public Task<PageView<JobView>> ListJobsAsync(int? limit = null, string? cursor = null, CancellationToken cancellationToken = default) =>
        runs.ListJobsAsync(limit, cursor, cancellationToken);

    /// <inheritdoc/>
    public Task<JobView> GetJobAsync(string job, CancellationToken cancellationToken = default) => runs.GetJobAsync(job, cancellationToken);

    /// <inheritdoc/>
    public Task<PageView<TaskView>> ListTasksAsync(
        string runId, string? state = null, int? limit = null, string? cursor = null, CancellationToken cancellationToken = default) =>
        runs.ListTasksAsync(runId, state, limit, cursor, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<RunEventView> EventsAsync(
        string runId, long after = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var run = await runs.FindAsync(runId, cancellationToken);
        await foreach (var happened in runs.EventsAsync(run.Id, after, cancellationToken))
        {
            yield return happened;
        }
    }

    /// <inheritdoc/>
    public async Task CancelAsync(string runId, CancellationToken cancellationToken = default) =>
        await queue.CancelAsync((await runs.FindAsync(runId, cancellationToken)).Id);

    /// <inheritdoc/>
    public async Task<WhyView> WhyAsync(
        string runId, string? task = null, string? against = null, CancellationToken cancellationToken = default) =>
        await why.GetAsync(await runs.FindAsync(runId, cancellationToken), task, against, cancellationToken);

    /// <inheritdoc/>
    public async Task<GraphView> GraphAsync(string runId, CancellationToken cancellationToken = default) =>
        await graphs.GetAsync(await runs.FindAsync(runId, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async Task<Stream> LogAsync(string runId, string task, bool follow = false, CancellationToken cancellationToken = default)
    {
        if (follow)
        {
            await WaitForTaskAsync(runId, task, cancellationToken);
        }

        return await runs.LogAsync(runId, task, follow, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<string> ManifestAsync(string runId, CancellationToken cancellationToken = default) =>
        await graphs.RenderAsync(await runs.FindAsync(runId, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<CommitView> GetCommitAsync(string job, string sha, string? runId = null, CancellationToken cancellationToken = default) =>
        commits.GetAsync(job, sha, runId, cancellationToken);

    /// <inheritdoc/>
    public async Task<Stream> GetDataAsync(
        string job, string sha, string path, string? runId = null, CancellationToken cancellationToken = default) =>
        (await commits.OpenAsync(job, sha, path, runId, cancellationToken)).Content;

    /// <summary>A stored file with its digest and size.</summary>
    public Task<(Stream Content, BlobInfo About)> OpenDataAsync(
        string job, string sha, string path, string? runId, CancellationToken cancellationToken) =>
        commits.OpenAsync(job, sha, path, runId, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<HistoryView>> HistoryAsync(string job, string path, CancellationToken cancellationToken = default) =>
        commits.HistoryAsync(job, path, cancellationToken);

    /// <inheritdoc/>
    public Task<DiffView> DiffAsync(string job, string from, string to, CancellationToken cancellationToken = default) =>
        commits.DiffAsync(job, from, to, cancellationToken);

    // A run has no tasks before it is planned. When one of them runs or the run is at its end, all of them are written down.
    private async Task WaitForTaskAsync(string runId, string task, CancellationToken cancellationToken)
    {
        var run = await runs.FindAsync(runId, cancellationToken);
        if (!run.IsEnded)
        {
            await runs.EventsAsync(run.Id, after: 0, cancellationToken).FirstOrDefaultAsync(
                happened => happened.Task is { } its
                    ? its.Name == task || its.State is "running" or "failed" or "skipped" or "cancelled"
                    : happened.Run!.Status is not ("queued" or "planning" or "running"),
                cancellationToken);
        }
    }

    private async Task<string?> TailAsync(string runId, string task, CancellationToken cancellationToken)
    {
        try
        {
            await using var log = await runs.LogAsync(runId, task, follow: false, cancellationToken);
            return await LogTail.ReadAsync(log, LogTailBytes, cancellationToken);
        }
        catch (SluiceException exception) when (exception.Kind == FaultKind.NotFound)
        {
            // A command that never started has no log.
            return null;
        }
    }
}
