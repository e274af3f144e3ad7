using Sluice.Client;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Server.Application;

/// <summary>Looks at jobs, runs, tasks, events and logs.</summary>
public sealed class RunQueries(IRunStore runs, IStore store, IExecutions executions, StateFolder state)
{
    private const int MaxPage = 1000;

    /// <summary>Above this many tasks a run shows only those that are neither unchanged nor cached.</summary>
    private const int MaxTasks = 1000;

    /// <summary>The run of an id.</summary>
    /// <exception cref="SluiceException">There is none.</exception>
    public async Task<Run> FindAsync(string id, CancellationToken cancellationToken) =>
        RunId.TryParse(id, out var runId) && await runs.FindRunAsync(runId, cancellationToken) is { } run
            ? run
            : throw new SluiceException(FaultKind.NotFound, "no-such-run", $"There is no run '{id}'; `sluice runs` names those that are there.");

    /// <summary>A run with its tasks.</summary>
    public async Task<RunView> GetAsync(Run run, CancellationToken cancellationToken)
    {
        var isLarge = run.Counts.Values.Sum() > MaxTasks;
        var tasks = await runs.ReadTasksAsync(run.Id, withUnchanged: !isLarge, cancellationToken);
        return Views.Of(run, [.. tasks.Where(task => !isLarge || task.State != TaskState.Cached).Select(Views.Of)]);
    }

    /// <summary>The tasks of a run, page by page.</summary>
    public async Task<PageView<TaskView>> ListTasksAsync(
        string id, string? state, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var run = await FindAsync(id, cancellationToken);
        var page = await runs.ListTasksAsync(run.Id, ParseState(state), Limit(limit), cursor, cancellationToken);
        return new PageView<TaskView>([.. page.Items.Select(Views.Of)], page.NextCursor);
    }

    /// <summary>Runs, newest first.</summary>
    public async Task<PageView<RunView>> ListRunsAsync(string? job, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        JobName? name = job is null ? null : (await FindJobAsync(job, cancellationToken)).Name;
        var page = await runs.ListRunsAsync(name, Limit(limit), cursor, cancellationToken);
        return new PageView<RunView>([.. page.Items.Select(run => Views.Of(run, tasks: null))], page.NextCursor);
    }

    /// <summary>The jobs.</summary>
    public async Task<PageView<JobView>> ListJobsAsync(int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var page = await runs.ListJobsAsync(Limit(limit), cursor, cancellationToken);
        var views = new List<JobView>();
        foreach (var job in page.Items)
        {
            views.Add(await ViewAsync(job, cancellationToken));
        }

        return new PageView<JobView>(views, page.NextCursor);
    }

    /// <summary>One job.</summary>
    public async Task<JobView> GetJobAsync(string name, CancellationToken cancellationToken) =>
        await ViewAsync(await FindJobAsync(name, cancellationToken), cancellationToken);

    /// <summary>The events of a run.</summary>
    public IAsyncEnumerable<RunEventView> EventsAsync(RunId run, long after, CancellationToken cancellationToken) =>
        runs.EventsAsync(run, after, cancellationToken).Select(Views.Of);

    /// <summary>The log of a task: the live one, the one of a failed task, or the one stored with its result.</summary>
    public async Task<Stream> LogAsync(string id, string task, bool follow, CancellationToken cancellationToken)
    {
        var run = await FindAsync(id, cancellationToken);
        var found = await runs.FindTaskAsync(run.Id, new TaskName(task), cancellationToken)
            ?? throw new SluiceException(FaultKind.NotFound, "no-such-task", $"This run has no task '{task}'.");
        if (found.State == TaskState.Running && await executions.OpenLogAsync(run.Id, found.Index, follow, cancellationToken) is { } elsewhere)
        {
            return elsewhere;
        }

        var path = state.LogOf(run.Id, found.Index);
        if (follow && !found.IsEnded)
        {
            return new FollowedLog(path, token => HasEndedAsync(run.Id, found.Name, token), token => EndedLogAsync(run, found.Name, token));
        }

        return LogFile.TryOpen(path)
            ?? await StoredLogAsync(run, found, cancellationToken)
            ?? (found.State is TaskState.Executed or TaskState.Failed or TaskState.Running ? Stream.Null : null)
            ?? throw new SluiceException(FaultKind.NotFound, "no-log", $"The task '{task}' has no log: it has not run yet, or its result was adopted.");
    }

    private async Task<bool> HasEndedAsync(RunId run, TaskName task, CancellationToken cancellationToken) =>
        await runs.FindTaskAsync(run, task, cancellationToken) is not { IsEnded: false };

    private async Task<Stream> EndedLogAsync(Run run, TaskName task, CancellationToken cancellationToken) =>
        await runs.FindTaskAsync(run.Id, task, cancellationToken) is { } ended && await StoredLogAsync(run, ended, cancellationToken) is { } log
            ? log
            : Stream.Null;

    private async Task<Stream?> StoredLogAsync(Run run, TaskRun task, CancellationToken cancellationToken)
    {
        var space = await store.OpenAsync(run.Job, cancellationToken);
        if (await RecordedResults.FindAsync(space, run, task, cancellationToken) is not { Provenance.IsAdopted: false } result)
        {
            return null;
        }

        // A command that printed nothing has left no file.
        return result.Files.Logs.FirstOrDefault(file => file.Path.Value == TaskRunner.LogName) is { } log
            ? await space.Blobs.OpenAsync(log.Content, cancellationToken)
            : Stream.Null;
    }

    private async Task<Job> FindJobAsync(string name, CancellationToken cancellationToken) =>
        JobName.TryParse(name, out var job) && await runs.FindJobAsync(job, cancellationToken) is { } found
            ? found
            : throw new SluiceException(FaultKind.NotFound, "no-such-job", $"There is no job '{name}' yet; its first run makes it, and `sluice jobs` names those that are there.");

    private async Task<JobView> ViewAsync(Job job, CancellationToken cancellationToken)
    {
        var last = await runs.ListRunsAsync(job.Name, limit: 1, cursor: null, cancellationToken);
        return new JobView(job.Name.Value, job.Url, job.CreatedAt, last.Items.Select(run => Views.Of(run, tasks: null)).FirstOrDefault());
    }

    private static int Limit(int? limit) => limit switch
    {
        null => 100,
        >= 1 and <= MaxPage => limit.Value,
        _ => throw new SluiceException(FaultKind.BadRequest, "invalid-limit", $"limit is a whole number from 1 to {MaxPage}."),
    };

    private static TaskState? ParseState(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var found = Enum.GetValues<TaskState>().Where(state => Views.Name(state) == text).ToList();
        return found.Count == 1
            ? found[0]
            : throw new SluiceException(
                FaultKind.BadRequest, "invalid-state", $"state is one of {string.Join(", ", Enum.GetValues<TaskState>().Select(Views.Name))}.");
    }
}
