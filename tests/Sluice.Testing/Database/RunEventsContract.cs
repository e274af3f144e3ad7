using Sluice.Core.Running;
using Xunit;
using static Sluice.Testing.Database.TestRuns;

namespace Sluice.Testing.Database;

/// <summary>What every run store owes those who follow a run.</summary>
public abstract class RunEventsContract
{
    /// <summary>The store to test, empty.</summary>
    protected abstract IRunStore Store { get; }

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_are_numbered_without_gaps_and_replayed_from_any_of_them()
    {
        var run = Run();
        await Store.SaveAsync(run, [], Cancelled);
        await Store.SaveAsync(run with { Status = RunStatus.Running }, Tasks(TaskState.Executed, 0, 1), Cancelled);
        await Store.SaveAsync(Succeeded(run), [], Cancelled);

        Assert.Equal(["1 run", "2 task", "3 task", "4 run", "5 end"], await ShowAsync(run.Id, after: 0));
        Assert.Equal(["4 run", "5 end"], await ShowAsync(run.Id, after: 3));
    }

    [Fact]
    public async Task Events_carry_the_state_as_it_was_then()
    {
        var run = Run();
        await Store.SaveAsync(run, Tasks(TaskState.Running, 0), Cancelled);
        await Store.SaveAsync(Succeeded(run), Tasks(TaskState.Executed, 0), Cancelled);

        var events = await Store.EventsAsync(run.Id, 0, Cancelled).ToListAsync(Cancelled);

        Assert.Equal([TaskState.Running, TaskState.Executed], events.Where(it => it.Task is not null).Select(it => it.Task!.State));
        Assert.Equal([RunStatus.Queued, RunStatus.Succeeded], events.Where(it => it.Run is not null).Select(it => it.Run!.Status));
    }

    [Fact]
    public async Task Whoever_comes_after_the_end_is_not_kept_waiting()
    {
        var run = Run();
        await Store.SaveAsync(Succeeded(run), [], Cancelled);

        Assert.Empty(await ShowAsync(run.Id, after: 1));
        Assert.Empty(await ShowAsync(run.Id, after: long.MaxValue));
        Assert.Empty(await ShowAsync(Run().Id, after: 0));
    }

    [Fact]
    public async Task Saving_the_same_end_again_is_no_event()
    {
        var run = Succeeded(Run());
        await Store.SaveAsync(run, [], Cancelled);
        await Store.SaveAsync(run, [], Cancelled);

        Assert.Equal(["1 end"], await ShowAsync(run.Id, after: 0));
        Assert.Empty(await ShowAsync(run.Id, after: 1));
    }

    [Fact]
    public async Task Many_follow_live_and_one_who_does_not_read_holds_up_nobody()
    {
        var run = Run();
        await Store.SaveAsync(run, [], Cancelled);
        await using var lazy = Store.EventsAsync(run.Id, 0, Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.True(await lazy.MoveNextAsync());
        var followers = Enumerable.Range(0, 20).Select(_ => ShowAsync(run.Id, after: 0)).ToList();

        for (var index = 0; index < 700; index++)
        {
            await Store.SaveAsync(run, Tasks(TaskState.Executed, index), Cancelled);
        }

        await Store.SaveAsync(Succeeded(run), [], Cancelled);
        var seen = await Task.WhenAll(followers);

        Assert.All(seen, events => Assert.Equal(Enumerable.Range(1, 1402), events.Select(Number)));
        var rest = new List<long>();
        while (await lazy.MoveNextAsync())
        {
            rest.Add(lazy.Current.Id);
        }

        Assert.Equal(Enumerable.Range(2, 1401).Select(id => (long)id), rest);
    }

    [Fact]
    public async Task A_follower_sees_only_its_run_and_can_leave()
    {
        var (run, other) = (Run(1), Run(2));
        await Store.SaveAsync(run, [], Cancelled);
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        await using var events = Store.EventsAsync(run.Id, 0, leave.Token).GetAsyncEnumerator(leave.Token);
        Assert.True(await events.MoveNextAsync());
        var next = events.MoveNextAsync().AsTask();

        await Store.SaveAsync(other, Tasks(TaskState.Executed, 0), Cancelled);
        Assert.False(next.IsCompleted);
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    private static int Number(string shown) => int.Parse(shown.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private async Task<List<string>> ShowAsync(RunId run, long after) =>
        await Store.EventsAsync(run, after, Cancelled).Select(it => $"{it.Id} {it.Type}").ToListAsync(Cancelled);
}
