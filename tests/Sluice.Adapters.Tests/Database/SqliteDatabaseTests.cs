using Microsoft.Data.Sqlite;
using Sluice.Adapters.Database;
using Sluice.Core;
using Sluice.Core.Running;
using Sluice.Testing;
using Xunit;
using static Sluice.Testing.Database.TestRuns;

namespace Sluice.Adapters.Tests.Database;

public sealed class SqliteDatabaseTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly StateFolder _state;

    public SqliteDatabaseTests() => _state = new StateFolder(_folder.Path);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_written_is_there_after_it_was_opened_again()
    {
        var run = Run();
        await WithAsync(async runs => await runs.SaveAsync(run, Tasks(TaskState.Running, 0), Cancelled));

        await WithAsync(async runs =>
        {
            Assert.Equal(run.Id, (await runs.ListUnfinishedAsync(Cancelled)).Single().Id);
            await runs.SaveAsync(Succeeded(run), [], Cancelled);
            Assert.Equal([1L, 2, 3], await runs.EventsAsync(run.Id, 0, Cancelled).Select(it => it.Id).ToListAsync(Cancelled));
        });
    }

    [Fact]
    public void A_database_that_is_up_to_date_is_not_upgraded()
    {
        Open().Dispose();
        Execute("drop table SchemaVersions");

        Open().Dispose();

        Assert.Equal(0L, Execute("select count(*) from sqlite_master where name = 'SchemaVersions'"));
    }

    [Fact]
    public void An_upgrade_that_was_interrupted_before_its_end_is_finished()
    {
        Open().Dispose();
        Execute("pragma user_version = 0");

        Open().Dispose();

        Assert.Equal((long)Schema.Version, Execute("pragma user_version"));
    }

    [Fact]
    public async Task A_database_of_an_older_release_is_upgraded_and_keeps_its_runs()
    {
        var run = Run();
        await WithAsync(async runs => await runs.SaveAsync(run, [], Cancelled));
        Execute("delete from SchemaVersions where ScriptName like '%.0003-%'");
        Execute("pragma user_version = 2");

        await WithAsync(async runs => Assert.NotNull(await runs.FindRunAsync(run.Id, Cancelled)));

        Assert.Equal(1L, Execute("select count(*) from SchemaVersions where ScriptName like '%.0003-%'"));
        Assert.Equal((long)Schema.Version, Execute("pragma user_version"));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_named_with_the_way_out()
    {
        await File.WriteAllTextAsync(_state.DatabaseFile, new string('x', 5000), Cancelled);

        var error = Assert.Throws<SluiceException>(Open);

        Assert.Equal("database-damaged", error.Code);
        Assert.Contains(_state.DatabaseFile, error.Message, StringComparison.Ordinal);
        Assert.Contains("sluice reindex", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_a_newer_release_is_refused_and_left_alone()
    {
        Open().Dispose();
        Execute("pragma user_version = 999");

        var error = Assert.Throws<SluiceException>(Open);

        Assert.Equal("newer-database", error.Code);
        Assert.Contains(_state.DatabaseFile, error.Message, StringComparison.Ordinal);
        Assert.Contains("sluice reindex", error.Message, StringComparison.Ordinal);
        Assert.Equal(999L, Execute("pragma user_version"));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_not_called_damaged()
    {
        Directory.CreateDirectory(_state.DatabaseFile);

        Assert.Equal("database-unavailable", Assert.Throws<SluiceException>(Open).Code);
    }

    [Fact]
    public async Task Pages_that_are_overwritten_are_reported_and_not_believed()
    {
        await WithAsync(async runs => await runs.SaveAsync(Run(), Tasks(TaskState.Executed, Enumerable.Range(0, 200)), Cancelled));
        await using (var file = File.OpenWrite(_state.DatabaseFile))
        {
            file.Position = 4096;
            await file.WriteAsync(Enumerable.Repeat((byte)0xA5, (int)file.Length - 4096).ToArray(), Cancelled);
        }

        await WithAsync(async runs =>
        {
            var error = await Assert.ThrowsAsync<SluiceException>(() => runs.ListRunsAsync(null, 10, null, Cancelled));
            Assert.Equal("database-damaged", error.Code);
        });
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_does_not_hide_the_others()
    {
        var (good, bad) = (Run(1), Run(2));
        await WithAsync(async runs =>
        {
            await runs.SaveAsync(good, Tasks(TaskState.Executed, 0, 1, 2), Cancelled);
            await runs.SaveAsync(bad, [], Cancelled);
        });
        Execute($"update runs set body = '[' where id = '{bad.Id}'");
        Execute("update tasks set body = 'null' where task_index = 1");
        Execute("update tasks set body = '{' where task_index = 0");

        await WithAsync(async runs =>
        {
            Assert.Equal([good.Id], (await runs.ListUnfinishedAsync(Cancelled)).Select(run => run.Id));
            var first = await runs.ListRunsAsync(null, 1, null, Cancelled);
            Assert.Empty(first.Items);
            Assert.Equal([good.Id], (await runs.ListRunsAsync(null, 1, first.NextCursor, Cancelled)).Items.Select(run => run.Id));
            Assert.Equal([2], (await runs.ListTasksAsync(good.Id, null, 10, null, Cancelled)).Items.Select(task => task.Index));
            Assert.Equal("database-damaged", (await Assert.ThrowsAsync<SluiceException>(() => runs.FindRunAsync(bad.Id, Cancelled))).Code);
        });
    }

    [Fact]
    public async Task A_page_of_unchanged_tasks_unpacks_only_its_own_and_a_piece_that_cannot_be_read_hides_no_other()
    {
        var run = Run();
        await WithAsync(runs => runs.SaveUnchangedAsync(run.Id, Tasks(TaskState.Unchanged, Enumerable.Range(0, 3000)), Cancelled));
        Execute("update unchanged_tasks set body = x'5b' where first_index = 1000");

        await WithAsync(async runs =>
        {
            var first = await runs.ListTasksAsync(run.Id, null, 900, null, Cancelled);
            var rest = await runs.ListTasksAsync(run.Id, null, 900, first.NextCursor, Cancelled);

            Assert.Equal(Enumerable.Range(0, 900), first.Items.Select(task => task.Index));
            Assert.Equal([.. Enumerable.Range(900, 100), .. Enumerable.Range(2000, 800)], rest.Items.Select(task => task.Index));
            Assert.Equal(2000, (await runs.ReadTasksAsync(run.Id, withUnchanged: true, Cancelled)).Count);
        });
    }

    [Fact]
    public async Task Unchanged_tasks_that_an_older_release_packed_in_one_row_are_kept()
    {
        var run = Run();
        await WithAsync(runs => runs.SaveUnchangedAsync(run.Id, Tasks(TaskState.Unchanged, Enumerable.Range(3, 20)), Cancelled));
        Execute("""
            create table run_unchanged (run_id text primary key, body blob not null);
            insert into run_unchanged select run_id, body from unchanged_tasks;
            drop table unchanged_tasks;
            delete from SchemaVersions where ScriptName like '%.0004-%';
            pragma user_version = 3
            """);

        await WithAsync(async runs =>
        {
            Assert.Equal(Enumerable.Range(3, 20), (await runs.ReadTasksAsync(run.Id, withUnchanged: true, Cancelled)).Select(task => task.Index));
            Assert.Equal([9], (await runs.ListTasksAsync(run.Id, null, 1, (await runs.ListTasksAsync(run.Id, null, 6, null, Cancelled)).NextCursor, Cancelled)).Items.Select(task => task.Index));
        });
    }

    [Fact]
    public async Task Writes_that_come_together_all_get_through()
    {
        var run = Run();
        await WithAsync(async runs =>
        {
            await Task.WhenAll(Enumerable.Range(0, 500).Select(index => runs.SaveAsync(run, Tasks(TaskState.Executed, index), Cancelled)));
            await runs.SaveAsync(Succeeded(run), [], Cancelled);

            Assert.Equal(500, (await runs.ListTasksAsync(run.Id, TaskState.Executed, 1000, null, Cancelled)).Items.Count);
            Assert.Equal(
                Enumerable.Range(1, 1001).Select(id => (long)id), await runs.EventsAsync(run.Id, 0, Cancelled).Select(it => it.Id).ToListAsync(Cancelled));
        });
    }

    [Fact]
    public async Task A_write_that_is_refused_fails_alone()
    {
        var ended = Succeeded(Run());
        var others = Enumerable.Range(1, 50).Select(number => Run(number)).ToList();
        await WithAsync(async runs =>
        {
            await runs.SaveAsync(ended, [], Cancelled);

            var good = others.Select(run => runs.SaveAsync(run, [], Cancelled)).ToList();
            var refused = runs.SaveAsync(ended with { Status = RunStatus.Failed }, [], Cancelled);
            var more = others.Select(run => runs.SaveAsync(Succeeded(run), [], Cancelled)).ToList();

            await Assert.ThrowsAsync<SluiceException>(() => refused);
            await Task.WhenAll(good.Concat(more));
            Assert.Empty(await runs.ListUnfinishedAsync(Cancelled));
        });
    }

    private IDisposable Open() => DatabaseServices.Open(_state).Handle;

    private async Task WithAsync(Func<IRunStore, Task> use)
    {
        var (runs, _, database) = DatabaseServices.Open(_state);
        using (database)
        {
            await use(runs);
        }
    }

    private object? Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_state.DatabaseFile};Pooling=false");
        connection.Open();
        return connection.Scalar(sql);
    }
}
