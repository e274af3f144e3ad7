using System.Globalization;
using System.Runtime.CompilerServices;
using Dapper;
using Microsoft.Data.Sqlite;
using Sluice.Core.Jobs;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Adapters.Database;

/// <summary>Jobs, runs, tasks and events in SQLite.</summary>
internal sealed class SqliteRunStore(SqliteDatabase database, RowReader rows) : IRunStore
{
    private const int EventPage = 500;

    private readonly RunSignals _signals = new();

    /// <inheritdoc/>
    public Task<Job?> FindJobAsync(JobName name, CancellationToken cancellationToken) => database.ReadAsync(
        connection => Task.FromResult(FindJob(connection, name)),
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
    public async Task<Page<Job>> ListJobsAsync(int limit, string? cursor, CancellationToken cancellationToken)
    {
        var page = new { after = Cursor.Job(cursor), limit = Cursor.OneMore(limit) };
        var found = await database.ReadAsync(
            connection => connection.QueryAsync<(string Name, string Url, string Identity, string CreatedAt)>(
                "select name, url, identity, created_at from jobs where name > @after order by name limit @limit", page),
            cancellationToken);
        return PageOf([.. found.Select(row => ToJob(row.Name, row.Url, row.Identity, row.CreatedAt))], limit, job => Cursor.After(job.Name));
    }

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
    public Task SaveUnchangedAsync(RunId run, IReadOnlyList<TaskRun> tasks, CancellationToken cancellationToken) => database.WriteAsync(
        (connection, transaction) => RunWriter.WriteUnchanged(connection, transaction, run, tasks), isDurable: false, cancellationToken);

    /// <inheritdoc/>
    public Task<Run?> FindRunAsync(RunId id, CancellationToken cancellationToken) =>
        QueryRunAsync("select body from runs where id = @id", cancellationToken, ("@id", id.Value));

    /// <inheritdoc/>
    public Task<Run?> FindNewestAsync(JobName job, CommitId commit, CancellationToken cancellationToken) => QueryRunAsync(
        "select body from runs where job = @job and commit_id = @commit order by id desc limit 1",
        cancellationToken,
        ("@job", job.Value), ("@commit", commit.Value));

    /// <inheritdoc/>
    public async Task<Page<Run>> ListRunsAsync(JobName? job, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var page = new { before = Cursor.Run(cursor), job = job?.Value, limit = Cursor.OneMore(limit) };
        var found = (await database.ReadAsync(
            connection => connection.QueryAsync<(string Id, string Body)>(
                $"select id, body from runs where id < @before {(job is null ? "" : "and job = @job")} order by id desc limit @limit", page),
            cancellationToken)).ToList();

        // The cursor comes from the row and not from its body: one that cannot be read must not end the list.
        var shown = PageOf(found, limit, row => Cursor.After(RunId.Parse(row.Id)));
        return new Page<Run>([.. rows.Runs(shown.Items)], shown.NextCursor);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Run>> ListUnfinishedAsync(CancellationToken cancellationToken) => [.. rows.Runs(await database.ReadAsync(
        connection => connection.QueryAsync<(string Id, string Body)>("select id, body from runs where is_ended = 0 order by id"), cancellationToken))];

    /// <inheritdoc/>
    public async Task<TaskRun?> FindTaskAsync(RunId run, TaskName task, CancellationToken cancellationToken) => await database.ReadAsync(
        async connection => await connection.QuerySingleOrDefaultAsync<string>(
            "select body from tasks where run_id = @run and name = @task", new { run = run.Value, task = task.Value }) is { } body
            ? rows.Task(body)
            : Unchanged(connection, run, after: -1).FirstOrDefault(it => it.Name == task),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<Page<TaskRun>> ListTasksAsync(
        RunId run, TaskState? state, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var (after, most) = (Cursor.Task(cursor), Cursor.OneMore(limit));
        var found = await database.ReadAsync(
            async connection =>
            {
                var own = await OwnRowsAsync(connection, run, state, after, most);
                return state is null or TaskState.Unchanged
                    ? Merged(own, (await UnchangedAsync(connection, run, state, after)).Take(most)).Take(most).ToList()
                    : own.ToList();
            },
            cancellationToken);
        var page = PageOf(found, limit, row => Cursor.After(row.Index));
        return new Page<TaskRun>([.. page.Items.Select(row => row.Task).OfType<TaskRun>()], page.NextCursor);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TaskRun>> ReadTasksAsync(RunId run, bool withUnchanged, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            async connection =>
            {
                var own = await OwnRowsAsync(connection, run, state: null, after: -1, most: int.MaxValue);
                return withUnchanged
                    ? Merged(own, await UnchangedAsync(connection, run, state: null, after: -1)).ToList()
                    : own.Where(row => row.Task?.State != TaskState.Unchanged).ToList();
            },
            cancellationToken);
        return [.. found.Select(row => row.Task).OfType<TaskRun>()];
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RunEvent> EventsAsync(
        RunId run, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var signal = _signals.Follow(run);
        while (true)
        {
            var next = signal.Next;
            var (isOver, page) = await ReadEventsAsync(run, after, cancellationToken);
            foreach (var happened in page)
            {
                yield return happened;
                after = happened.Id;
                if (happened.Type == "end")
                {
                    yield break;
                }
            }

            if (page.Count == 0 && isOver)
            {
                yield break;
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
        if (!ended.Run.IsEnded)
        {
            throw new ArgumentException($"Run {ended.Run.Id} has not ended.", nameof(ended));
        }

        var unchanged = ended.Tasks.Where(task => task.State == TaskState.Unchanged).ToList();
        var others = ended.Tasks.Where(task => task.State != TaskState.Unchanged).ToList();
        await database.WriteAsync(
            (connection, transaction) =>
            {
                if (connection.ExecuteScalar<long>("select count(*) from runs where id = @id", new { id = ended.Run.Id.Value }, transaction) == 0)
                {
                    RunWriter.WriteUnchanged(connection, transaction, ended.Run.Id, unchanged);
                    RunWriter.Write(connection, transaction, ended.Run, others);
                }
            },
            isDurable: false,
            cancellationToken);
    }

    private Task<(bool IsOver, List<RunEvent> Page)> ReadEventsAsync(RunId run, long after, CancellationToken cancellationToken) => database.ReadAsync(
        async connection =>
        {
            // Asked first: what is written after this question is not missing from a page that is read after it.
            var isOver = await connection.ExecuteScalarAsync<long?>("select is_ended from runs where id = @run", new { run = run.Value }) is null or 1;
            var page = await connection.QueryAsync<(long Id, string Kind, string Body)>(
                "select id, kind, body from events where run_id = @run and id > @after order by id limit @limit",
                new { run = run.Value, after, limit = EventPage });
            return (isOver, page.Select(row => row.Kind == "task"
                ? new RunEvent(row.Id, null, rows.Task(row.Body))
                : new RunEvent(row.Id, rows.Run(row.Body), null)).ToList());
        },
        cancellationToken);

    private async Task<IEnumerable<(int Index, TaskRun? Task)>> OwnRowsAsync(
        SqliteConnection connection, RunId run, TaskState? state, int after, int most) =>
        rows.Tasks(run, await connection.QueryAsync<(int Index, string Body)>(
            $"""
             select task_index, body from tasks where run_id = @run and task_index > @after {(state is null ? "" : "and state = @state")}
             order by task_index limit @most
             """,
            new { run = run.Value, after, state = state?.ToString(), most }));

    // Of one state, the rows of other states are not at hand to take the place of the packed tasks.
    private async Task<IEnumerable<(int Index, TaskRun? Task)>> UnchangedAsync(SqliteConnection connection, RunId run, TaskState? state, int after)
    {
        var others = state is null ? [] : (await connection.QueryAsync<int>(
            "select task_index from tasks where run_id = @run and task_index > @after and state <> @state",
            new { run = run.Value, after, state = state.ToString() })).ToHashSet();
        return Unchanged(connection, run, after).Where(task => !others.Contains(task.Index)).Select(task => (task.Index, (TaskRun?)task));
    }

    // Piece by piece: who takes no more than a page unpacks no more than its pieces.
    private IEnumerable<TaskRun> Unchanged(SqliteConnection connection, RunId run, int after)
    {
        using var command = connection.Statement(
            """
            select body from unchanged_tasks where run_id = @run and first_index >=
              coalesce((select max(first_index) from unchanged_tasks where run_id = @run and first_index <= @after), 0)
            order by first_index
            """,
            ("@run", run.Value), ("@after", after));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            foreach (var task in rows.Unchanged(run, reader.GetFieldValue<byte[]>(0)).Where(task => task.Index > after))
            {
                yield return task;
            }
        }
    }

    // A row of its own is newer than the place among the unchanged ones.
    private static IEnumerable<(int Index, TaskRun? Task)> Merged(
        IEnumerable<(int Index, TaskRun? Task)> own, IEnumerable<(int Index, TaskRun? Task)> unchanged) =>
        own.Concat(unchanged).DistinctBy(row => row.Index).OrderBy(row => row.Index);

    private Task<Run?> QueryRunAsync(string sql, CancellationToken cancellationToken, params (string Name, object Value)[] parameters) =>
        database.ReadAsync(
            connection => Task.FromResult(connection.Scalar(sql, parameters) is string body ? rows.Run(body) : null), cancellationToken);

    private static Job? FindJob(SqliteConnection connection, JobName name)
    {
        using var command = connection.Statement("select name, url, identity, created_at from jobs where name = @name", ("@name", name.Value));
        using var reader = command.ExecuteReader();
        return reader.Read() ? ToJob(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)) : null;
    }

    private static Job ToJob(string name, string url, string identity, string createdAt) =>
        new(JobName.Parse(name), url, identity, DateTimeOffset.Parse(createdAt, CultureInfo.InvariantCulture));

    private static Page<T> PageOf<T>(IReadOnlyList<T> found, int limit, Func<T, string> cursor) => found.Count > limit
        ? new Page<T>([.. found.Take(limit)], cursor(found[limit - 1]))
        : new Page<T>(found, null);
}
