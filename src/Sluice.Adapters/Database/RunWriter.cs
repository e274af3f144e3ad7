using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Sluice.Core;
using Sluice.Core.Json;
using Sluice.Core.Running;

namespace Sluice.Adapters.Database;

/// <summary>Writes a run with the tasks that changed, and an event for each. Prepared statements: a large job writes ten thousand rows.</summary>
internal static class RunWriter
{
    /// <summary>How many unchanged tasks are packed together: about as many as the largest page shows.</summary>
    private const int PieceSize = 1000;

    /// <summary>Writes within a transaction. The same end again is no change.</summary>
    /// <exception cref="SluiceException">The run has ended otherwise (Conflict).</exception>
    public static void Write(SqliteConnection connection, SqliteTransaction transaction, Run run, IReadOnlyCollection<TaskRun> tasks)
    {
        var body = JsonSerializer.Serialize(run, CoreJson.Default.Run);
        if (FindEnd(connection, transaction, run.Id) is { } end)
        {
            if (tasks.Count == 0 && end == body)
            {
                return;
            }

            throw new SluiceException(FaultKind.Conflict, "run-ended", $"Run {run.Id} has ended and does not change any more.");
        }

        WriteRun(connection, transaction, run, body);
        var next = connection.ExecuteScalar<long>(
            "select coalesce(max(id), 0) + 1 from events where run_id = @id", new { id = run.Id.Value }, transaction);
        WriteTasks(connection, transaction, run.Id, tasks, ref next);
        connection.Execute(
            "insert into events (run_id, id, kind, body) values (@run, @id, 'run', @body)",
            new { run = run.Id.Value, id = next, body },
            transaction);
    }

    /// <summary>Writes the tasks that the plan left alone, packed; what an interrupted try wrote of them is gone.</summary>
    public static void WriteUnchanged(SqliteConnection connection, SqliteTransaction transaction, RunId run, IReadOnlyList<TaskRun> tasks)
    {
        connection.Execute("delete from unchanged_tasks where run_id = @run", new { run = run.Value }, transaction);
        foreach (var piece in tasks.OrderBy(task => task.Index).Chunk(PieceSize))
        {
            var body = Packed.Pack(JsonSerializer.SerializeToUtf8Bytes(piece, CoreJson.Default.IReadOnlyListTaskRun));
            connection.Execute(
                "insert into unchanged_tasks (run_id, first_index, body) values (@run, @first, @body)",
                new { run = run.Value, first = piece[0].Index, body },
                transaction);
        }

        var written = connection.Query<int>("select task_index from tasks where run_id = @run", new { run = run.Value }, transaction).ToHashSet();
        written.IntersectWith(tasks.Select(task => task.Index));
        connection.Execute(
            "delete from tasks where run_id = @run and task_index = @index", written.Select(index => new { run = run.Value, index }), transaction);
    }

    private static string? FindEnd(SqliteConnection connection, SqliteTransaction transaction, RunId run) => connection.ExecuteScalar<string?>(
        "select body from runs where id = @id and is_ended = 1", new { id = run.Value }, transaction);

    private static void WriteRun(SqliteConnection connection, SqliteTransaction transaction, Run run, string body) => connection.Execute(
        """
        insert into runs (id, job, commit_id, status, is_ended, body) values (@id, @job, @commit, @status, @ended, @body)
        on conflict (id) do update set status = excluded.status, is_ended = excluded.is_ended, body = excluded.body
        """,
        new { id = run.Id.Value, job = run.Job.Value, commit = run.Commit.Value, status = run.Status.ToString(), ended = run.IsEnded ? 1 : 0, body },
        transaction);

    private static void WriteTasks(
        SqliteConnection connection, SqliteTransaction transaction, RunId run, IReadOnlyCollection<TaskRun> tasks, ref long next)
    {
        if (tasks.Count == 0)
        {
            return;
        }

        using var task = Prepare(
            connection,
            transaction,
            """
            insert into tasks (run_id, task_index, name, state, body) values (@run, @index, @name, @state, @body)
            on conflict (run_id, task_index) do update set state = excluded.state, body = excluded.body
            """,
            "@run", "@index", "@name", "@state", "@body");
        using var happened = Prepare(
            connection,
            transaction,
            "insert into events (run_id, id, kind, body) values (@run, @id, 'task', @body)",
            "@run", "@id", "@body");
        foreach (var item in tasks)
        {
            var body = JsonSerializer.Serialize(item, CoreJson.Default.TaskRun);
            Execute(task, run.Value, item.Index, item.Name.Value, item.State.ToString(), body);
            Execute(happened, run.Value, next++, body);
        }
    }

    private static SqliteCommand Prepare(SqliteConnection connection, SqliteTransaction transaction, string sql, params string[] names)
    {
        var command = new SqliteCommand(sql, connection, transaction);
        foreach (var name in names)
        {
            command.Parameters.Add(new SqliteParameter(name, null));
        }

        return command;
    }

    private static void Execute(SqliteCommand command, params object[] values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            command.Parameters[index].Value = values[index];
        }

        command.ExecuteNonQuery();
    }
}
