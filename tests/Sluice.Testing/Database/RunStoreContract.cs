using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Running;
using Xunit;
using static Sluice.Testing.Database.TestRuns;

namespace Sluice.Testing.Database;

/// <summary>What every run store owes: jobs, runs, tasks and the lists of them.</summary>
public abstract class RunStoreContract
{
    /// <summary>The store to test, empty.</summary>
    protected abstract IRunStore Store { get; }

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_is_found_as_it_was_saved_and_can_move()
    {
        var job = new Job(TestRuns.Job, "https://example.org/a", "example.org/a", Noon);
        Assert.Null(await Store.FindJobAsync(job.Name, Cancelled));

        await Store.SaveJobAsync(job, Cancelled);
        Assert.Equal(job, await Store.FindJobAsync(job.Name, Cancelled));

        var moved = job with { Url = "https://example.org/b", Identity = "example.org/b" };
        await Store.SaveJobAsync(moved, Cancelled);
        Assert.Equal(moved, await Store.FindJobAsync(job.Name, Cancelled));
    }

    [Fact]
    public async Task Jobs_are_listed_by_name_page_by_page()
    {
        foreach (var name in new[] { "c", "a", "e", "b", "d" })
        {
            await Store.SaveJobAsync(new Job(JobName.Parse(name), "u", "i", Noon), Cancelled);
        }

        var names = await CollectAsync(cursor => Store.ListJobsAsync(2, cursor, Cancelled), job => job.Name.Value);

        Assert.Equal(["a", "b", "|", "c", "d", "|", "e"], names);
    }

    [Fact]
    public async Task A_run_is_found_as_it_was_saved_last()
    {
        var run = Run();
        await Store.SaveAsync(run, [], Cancelled);
        await Store.SaveAsync(run with { Status = RunStatus.Planning, Warnings = ["w"] }, [], Cancelled);

        var found = await Store.FindRunAsync(run.Id, Cancelled);

        Assert.Equal((RunStatus.Planning, "w", run.Commit, run.Url), (found!.Status, found.Warnings[0], found.Commit, found.Url));
        Assert.Null(await Store.FindRunAsync(Run().Id, Cancelled));
    }

    [Fact]
    public async Task Runs_are_listed_newest_first_of_one_job_or_of_all()
    {
        var runs = Enumerable.Range(0, 5).Select(number => Run(number, number % 2 == 0 ? "even" : "odd")).ToList();
        foreach (var run in runs.AsEnumerable().Reverse())
        {
            await Store.SaveAsync(run, [], Cancelled);
        }

        string Number(Run run) => runs.FindIndex(it => it.Id == run.Id).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var all = await CollectAsync(cursor => Store.ListRunsAsync(null, 2, cursor, Cancelled), Number);
        var even = await CollectAsync(cursor => Store.ListRunsAsync(JobName.Parse("even"), 3, cursor, Cancelled), Number);

        Assert.Equal(["4", "3", "|", "2", "1", "|", "0"], all);
        Assert.Equal(["4", "2", "0"], even);
    }

    [Fact]
    public async Task Unfinished_runs_are_listed_oldest_first()
    {
        var (first, second, ended) = (Run(1), Run(2), Run(0));
        foreach (var run in new[] { second, Succeeded(ended), first with { Status = RunStatus.Publishing } })
        {
            await Store.SaveAsync(run, [], Cancelled);
        }

        Assert.Equal([first.Id, second.Id], (await Store.ListUnfinishedAsync(Cancelled)).Select(run => run.Id));
    }

    [Fact]
    public async Task The_newest_run_of_a_commit_is_of_that_job_and_commit()
    {
        var (older, newer) = (Run(1), Run(2));
        foreach (var run in new[] { newer, older, Run(3, commit: 'b'), Run(4, job: "other") })
        {
            await Store.SaveAsync(run, [], Cancelled);
        }

        Assert.Equal(newer.Id, (await Store.FindNewestAsync(TestRuns.Job, Commit(), Cancelled))!.Id);
        Assert.Null(await Store.FindNewestAsync(TestRuns.Job, Commit('c'), Cancelled));
    }

    [Fact]
    public async Task An_ended_run_does_not_change_any_more()
    {
        var ended = Succeeded(Run());
        await Store.SaveAsync(ended, [], Cancelled);

        await Store.SaveAsync(ended, [], Cancelled);
        var refused = await Assert.ThrowsAsync<SluiceException>(
            () => Store.SaveAsync(ended with { Status = RunStatus.Failed }, [], Cancelled));

        Assert.Equal(FaultKind.Conflict, refused.Kind);
        Assert.Equal(RunStatus.Succeeded, (await Store.FindRunAsync(ended.Id, Cancelled))!.Status);
    }

    [Fact]
    public async Task Tasks_are_listed_in_the_order_of_the_file_unchanged_ones_included()
    {
        var run = Run();
        await Store.SaveAsync(run, Tasks(TaskState.Executed, 4, 1), Cancelled);
        await Store.SaveUnchangedAsync(run.Id, Tasks(TaskState.Unchanged, 0, 2, 3), Cancelled);

        var all = await CollectAsync(cursor => Store.ListTasksAsync(run.Id, null, 2, cursor, Cancelled), Show);
        var unchanged = await CollectAsync(cursor => Store.ListTasksAsync(run.Id, TaskState.Unchanged, 2, cursor, Cancelled), Show);
        var executed = await CollectAsync(cursor => Store.ListTasksAsync(run.Id, TaskState.Executed, 9, cursor, Cancelled), Show);

        Assert.Equal(["0 Unchanged", "1 Executed", "|", "2 Unchanged", "3 Unchanged", "|", "4 Executed"], all);
        Assert.Equal(["0 Unchanged", "2 Unchanged", "|", "3 Unchanged"], unchanged);
        Assert.Equal(["1 Executed", "4 Executed"], executed);
    }

    [Fact]
    public async Task A_task_is_found_by_name_with_all_that_is_known_of_it()
    {
        var run = Run();
        await Store.SaveAsync(run, Tasks(TaskState.Running, 1), Cancelled);
        await Store.SaveAsync(run, Tasks(TaskState.Executed, 1), Cancelled);
        await Store.SaveUnchangedAsync(run.Id, Tasks(TaskState.Unchanged, 0), Cancelled);

        var executed = await Store.FindTaskAsync(run.Id, new TaskName("task_1"), Cancelled);
        var unchanged = await Store.FindTaskAsync(run.Id, new TaskName("task_0"), Cancelled);

        Assert.Equal((TaskState.Executed, TaskOf(1, default).Fingerprint, "src/job/a.py"), (executed!.State, executed.Fingerprint, executed.Reasons[0].Subject));
        Assert.Equal(TaskState.Unchanged, unchanged!.State);
        Assert.Null(await Store.FindTaskAsync(run.Id, new TaskName("task_2"), Cancelled));
    }

    [Fact]
    public async Task A_plan_made_anew_after_a_crash_replaces_what_was_unchanged()
    {
        var run = Run();
        await Store.SaveUnchangedAsync(run.Id, Tasks(TaskState.Unchanged, 0, 1), Cancelled);
        await Store.SaveAsync(run, Tasks(TaskState.Pending, 2), Cancelled);

        await Store.SaveUnchangedAsync(run.Id, Tasks(TaskState.Unchanged, 0, 2), Cancelled);
        await Store.SaveAsync(run, Tasks(TaskState.Executed, 1), Cancelled);

        Assert.Equal(
            ["0 Unchanged", "1 Executed", "2 Unchanged"],
            await CollectAsync(cursor => Store.ListTasksAsync(run.Id, null, 9, cursor, Cancelled), Show));

        await Store.SaveUnchangedAsync(run.Id, [], Cancelled);
        Assert.Empty((await Store.ListTasksAsync(run.Id, TaskState.Unchanged, 9, null, Cancelled)).Items);
    }

    [Fact]
    public async Task A_task_that_ran_after_all_is_not_listed_as_unchanged()
    {
        var run = Run();
        await Store.SaveUnchangedAsync(run.Id, Tasks(TaskState.Unchanged, 0, 1), Cancelled);
        await Store.SaveAsync(run, Tasks(TaskState.Executed, 1), Cancelled);

        Assert.Equal(["0 Unchanged"], await CollectAsync(cursor => Store.ListTasksAsync(run.Id, TaskState.Unchanged, 9, cursor, Cancelled), Show));
        Assert.Equal(
            ["0 Unchanged", "1 Executed"], await CollectAsync(cursor => Store.ListTasksAsync(run.Id, null, 9, cursor, Cancelled), Show));
    }

    [Fact]
    public async Task All_tasks_are_read_at_once_as_the_pages_show_them()
    {
        var run = Run();
        await Store.SaveUnchangedAsync(run.Id, Tasks(TaskState.Unchanged, Enumerable.Range(0, 2500).Where(index => index % 7 != 0)), Cancelled);
        await Store.SaveAsync(run, Tasks(TaskState.Executed, Enumerable.Range(0, 2501).Where(index => index % 7 == 0).Append(1000)), Cancelled);

        var pages = await CollectAsync(cursor => Store.ListTasksAsync(run.Id, null, 1000, cursor, Cancelled), Show);
        var unchanged = await CollectAsync(cursor => Store.ListTasksAsync(run.Id, TaskState.Unchanged, 1000, cursor, Cancelled), Show);
        var all = await Store.ReadTasksAsync(run.Id, withUnchanged: true, Cancelled);
        var changed = await Store.ReadTasksAsync(run.Id, withUnchanged: false, Cancelled);

        Assert.Equal(Enumerable.Range(0, 2500).Select(index => $"{index} {(index % 7 == 0 || index == 1000 ? "Executed" : "Unchanged")}"), all.Select(Show));
        Assert.Equal(all.Select(Show), pages.Where(line => line != "|"));
        Assert.Equal(all.Where(task => task.State == TaskState.Unchanged).Select(Show), unchanged.Where(line => line != "|"));
        Assert.Equal(all.Where(task => task.State != TaskState.Unchanged).Select(Show), changed.Select(Show));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("zz")]
    [InlineData("6a2e2e2f")]
    [InlineData("742d31")]
    [InlineData("7439393939393939393939")]
    [InlineData("ffff")]
    [InlineData("'; drop table runs; --")]
    public async Task A_cursor_that_was_not_given_out_is_refused(string cursor)
    {
        var run = Run();
        foreach (var list in new Func<Task>[]
        {
            () => Store.ListJobsAsync(1, cursor, Cancelled),
            () => Store.ListRunsAsync(null, 1, cursor, Cancelled),
            () => Store.ListTasksAsync(run.Id, null, 1, cursor, Cancelled),
        })
        {
            Assert.Equal(FaultKind.BadRequest, (await Assert.ThrowsAsync<SluiceException>(list)).Kind);
        }
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_refused()
    {
        var run = Run();
        await Store.SaveAsync(run, Tasks(TaskState.Executed, 0, 1), Cancelled);
        var cursor = (await Store.ListTasksAsync(run.Id, null, 1, null, Cancelled)).NextCursor;

        Assert.Equal(
            FaultKind.BadRequest, (await Assert.ThrowsAsync<SluiceException>(() => Store.ListRunsAsync(null, 1, cursor, Cancelled))).Kind);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1001)]
    [InlineData(int.MaxValue)]
    public async Task A_limit_out_of_range_is_refused(int limit)
    {
        Assert.Equal(
            FaultKind.BadRequest, (await Assert.ThrowsAsync<SluiceException>(() => Store.ListRunsAsync(null, limit, null, Cancelled))).Kind);
    }

    [Fact]
    public async Task An_ended_run_is_imported_once()
    {
        var run = Succeeded(Run());
        var ended = new EndedRun(run, [TaskOf(0, TaskState.Unchanged), TaskOf(1, TaskState.Executed)]);

        await Store.ImportAsync(ended, Cancelled);
        await Store.ImportAsync(ended with { Run = run with { Error = "other" } }, Cancelled);

        Assert.Null((await Store.FindRunAsync(run.Id, Cancelled))!.Error);
        Assert.Equal(
            ["0 Unchanged", "1 Executed"], await CollectAsync(cursor => Store.ListTasksAsync(run.Id, null, 9, cursor, Cancelled), Show));
        Assert.Equal(2, await Store.EventsAsync(run.Id, 0, Cancelled).CountAsync(Cancelled));
    }

    private static string Show(TaskRun task) => $"{task.Index} {task.State}";

    private static async Task<List<string>> CollectAsync<T>(Func<string?, Task<Page<T>>> list, Func<T, string> show)
    {
        var shown = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await list(cursor);
            shown.AddRange(page.Items.Select(show));
            if (page.NextCursor is null)
            {
                return shown;
            }

            shown.Add("|");
            cursor = page.NextCursor;
        }
    }
}
