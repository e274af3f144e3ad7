using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Sluice.Core.Jobs;
using Sluice.Core.Json;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Adapters.Database;

/// <summary>Jobs, runs, tasks and events in SQLite.</summary>
internal sealed class SqliteRunStore(SqliteDatabase database) : IRunStore
{
    private const int EventPage = 500;

    private readonly RunSignals _signals = new();

    /// <inheritdoc/>
    public Task<Job?> FindJobAsync(JobName name, CancellationToken cancellationToken) => database.ReadAsync(
        async connection => await connection.QuerySingleOrDefaultAsync<JobRow>("select * from jobs where name = @name", new { name = name.Value }) is { } row
            ? row.ToJob()
            : null,
        cancellationToken);

    /// <inheritdoc/>
    public Task SaveJobAsync(Job job, CancellationToken cancellationToken) => database.WriteAsync(
        (connection, transaction) => connection.Execute(
            """
            insert into jobs (name, url, identity, created_at) values (@name, @url, @identity, @created)
            on conflict (name) do update set url = excluded.url, identity = excluded.identity
            """,
            new { name = job.Name.Value, url = job.Url, identity = job.Identity, created = job.CreatedAt.ToString("O", CultureInfo.InvariantCulture) },
            transaction),
        isDurable: true,
        cancellationToken);

    /// <inheritdoc/>
    public Task<Page<Job>> ListJobsAsync(int limit, string? cursor, CancellationToken cancellationToken) => database.ReadAsync(
        async connection =>
        {
            var rows = await connection.QueryAsync<JobRow>(
                "select * from jobs where name > @after order by name limit @limit", new { after = Cursor.Key(cursor) ?? "", limit = limit + 1 });
            return PageOf([.. rows.Select(row => row.ToJob())], limit, job => Cursor.After(job.Name.Value));
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task SaveAsync(Run run, IReadOnlyCollection<TaskRun> tasks, CancellationToken cancellationToken)
    {
        // A run that was accepted or has ended is acknowledged; in between, what is lost is found again in the store.
        await database.WriteAsync(
            (connection, transaction) => RunWriter.Write(connection, transaction, run, tasks),
            isDurable: run.IsEnded || run.Status == RunStatus.Queued,
            cancellationToken);
        _signals.Raise(run.Id);
    }

    /// <inheritdoc/>
    public Task SaveUnchangedAsync(RunId run, IReadOnlyList<TaskRun> tasks, CancellationToken cancellationToken) => tasks.Count == 0
        ? Task.CompletedTask
        : database.WriteAsync(
            (connection, transaction) => connection.Execute(
                "insert into run_unchanged (run_id, body) values (@id, @body) on conflict (run_id) do update set body = excluded.body",
                new { id = run.Value, body = Packed.Pack(JsonSerializer.SerializeToUtf8Bytes(tasks, CoreJson.Default.IReadOnlyListTaskRun)) },
                transaction),
            isDurable: false,
            cancellationToken);

    /// <inheritdoc/>
    public Task<Run?> FindRunAsync(RunId id, CancellationToken cancellationToken) =>
        QueryRunAsync("select body from runs where id = @id", new { id = id.Value }, cancellationToken);

    /// <inheritdoc/>
    public Task<Run?> FindNewestAsync(JobName job, CommitId commit, CancellationToken cancellationToken) => QueryRunAsync(
        "select body from runs where job = @job and commit_id = @commit order by id desc limit 1",
        new { job = job.Value, commit = commit.Value },
        cancellationToken);

    /// <inheritdoc/>
    public Task<Page<Run>> ListRunsAsync(JobName? job, int limit, string? cursor, CancellationToken cancellationToken) => database.ReadAsync(
        async connection =>
        {
            var bodies = await connection.QueryAsync<string>(
                $"select body from runs where id < @before {(job is null ? "" : "and job = @job")} order by id desc limit @limit",
                new { before = Cursor.Key(cursor) ?? "~", job = job?.Value, limit = limit + 1 });
            return PageOf([.. bodies.Select(ToRun)], limit, run => Cursor.After(run.Id.Value));
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> ListUnfinishedAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<Run>>(
        async connection => [.. (await connection.QueryAsync<string>("select body from runs where is_ended = 0 order by id")).Select(ToRun)],
        cancellationToken);

    /// <inheritdoc/>
    public async Task<TaskRun?> FindTaskAsync(RunId run, TaskName task, CancellationToken cancellationToken) => await database.ReadAsync(
        async connection => await connection.QuerySingleOrDefaultAsync<string>(
            "select body from tasks where run_id = @run and name = @task", new { run = run.Value, task = task.Value }) is { } body
            ? ToTask(body)
            : (await UnchangedAsync(connection, run)).FirstOrDefault(it => it.Name == task),
        cancellationToken);

    /// <inheritdoc/>
    public Task<Page<TaskRun>> ListTasksAsync(
        RunId run, TaskState? state, int limit, string? cursor, CancellationToken cancellationToken) => database.ReadAsync(
        async connection =>
        {
            var after = Cursor.Number(cursor);
            var bodies = await connection.QueryAsync<string>(
                $"""
                 select body from tasks where run_id = @run and task_index > @after {(state is null ? "" : "and state = @state")}
                 order by task_index limit @limit
                 """,
                new { run = run.Value, after, state = state?.ToString(), limit = limit + 1 });
            var unchanged = state is null or TaskState.Unchanged ? await UnchangedAsync(connection, run) : [];
            var all = bodies.Select(ToTask).ToList();
            var known = all.Select(task => task.Index).ToHashSet();
            all.AddRange(unchanged.Where(task => task.Index > after && !known.Contains(task.Index)).Take(limit + 1));
            return PageOf(
                [.. all.OrderBy(task => task.Index).Take(limit + 1)],
                limit,
                task => Cursor.After(task.Index.ToString(CultureInfo.InvariantCulture)));
        },
        cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<RunEvent> EventsAsync(
        RunId run, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = _signals.NextAsync(run);
            var page = await database.ReadAsync(
                async connection => (await connection.QueryAsync<EventRow>(
                    "select id, kind, body from events where run_id = @run and id > @after order by id limit @limit",
                    new { run = run.Value, after, limit = EventPage })).ToList(),
                cancellationToken);
            foreach (var row in page)
            {
                var happened = row.ToEvent();
                yield return happened;
                after = row.Id;
                if (happened.Type == "end")
                {
                    yield break;
                }
            }

            if (page.Count < EventPage)
            {
                await next.WaitAsync(cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public async Task ImportAsync(EndedRun ended, CancellationToken cancellationToken)
    {
        if (await FindRunAsync(ended.Run.Id, cancellationToken) is not null)
        {
            return;
        }

        var (unchanged, others) = (ended.Tasks.Where(task => task.State == TaskState.Unchanged).ToList(), ended.Tasks.Where(task => task.State != TaskState.Unchanged).ToList());
        await SaveUnchangedAsync(ended.Run.Id, unchanged, cancellationToken);
        await SaveAsync(ended.Run, others, cancellationToken);
    }

    private static async Task<IReadOnlyList<TaskRun>> UnchangedAsync(SqliteConnection connection, RunId run) =>
        await connection.QuerySingleOrDefaultAsync<byte[]>("select body from run_unchanged where run_id = @run", new { run = run.Value }) is { } body
            ? JsonSerializer.Deserialize(Packed.Unpack(body), CoreJson.Default.IReadOnlyListTaskRun)!
            : [];

    private Task<Run?> QueryRunAsync(string sql, object parameters, CancellationToken cancellationToken) => database.ReadAsync(
        async connection => await connection.QuerySingleOrDefaultAsync<string>(sql, parameters) is { } body ? ToRun(body) : null,
        cancellationToken);

    private static Run ToRun(string body) => JsonSerializer.Deserialize(body, CoreJson.Default.Run)!;

    private static TaskRun ToTask(string body) => JsonSerializer.Deserialize(body, CoreJson.Default.TaskRun)!;

    private static Page<T> PageOf<T>(IReadOnlyList<T> found, int limit, Func<T, string> cursor) => found.Count > limit
        ? new Page<T>([.. found.Take(limit)], cursor(found[limit - 1]))
        : new Page<T>(found, null);

    private sealed record JobRow
    {
        public required string Name { get; init; }

        public required string Url { get; init; }

        public required string Identity { get; init; }

        public required string Created_At { get; init; }

        public Job ToJob() => new(JobName.Parse(Name), Url, Identity, DateTimeOffset.Parse(Created_At, CultureInfo.InvariantCulture));
    }

    private sealed record EventRow
    {
        public required long Id { get; init; }

        public required string Kind { get; init; }

        public required string Body { get; init; }

        public RunEvent ToEvent() => Kind == "task" ? new RunEvent(Id, null, ToTask(Body)) : new RunEvent(Id, ToRun(Body), null);
    }
}
