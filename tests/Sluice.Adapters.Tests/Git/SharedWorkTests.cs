using Sluice.Adapters.Git;

namespace Sluice.Adapters.Tests.Git;

/// <summary>Who shares work, and who ends it.</summary>
public sealed class SharedWorkTests : IDisposable
{
    private readonly SharedWork _shared = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SemaphoreSlim _began = new(0);
    private TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _rounds;

    public void Dispose()
    {
        _turn.Dispose();
        _began.Dispose();
    }

    [Fact]
    public async Task Who_comes_during_a_round_shares_the_next_one_and_its_failure()
    {
        var first = JoinAsync("");
        await _began.WaitAsync();
        Task[] others = [.. Enumerable.Range(0, 20).Select(_ => JoinAsync(""))];

        NextGate().SetResult();
        await first;
        await _began.WaitAsync();
        _gate.SetException(new InvalidOperationException("silent"));

        foreach (var other in others)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => other);
        }

        Assert.Equal(2, _rounds);
    }

    [Fact]
    public async Task One_who_goes_does_not_end_it_for_the_others_and_the_last_one_does()
    {
        using var one = new CancellationTokenSource();
        using var last = new CancellationTokenSource();
        var going = JoinAsync("", one.Token);
        var staying = JoinAsync("", last.Token);
        await _began.WaitAsync();

        await one.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => going);
        var wasStillOn = !staying.IsCompleted && _turn.CurrentCount == 0;
        await last.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => staying);

        Assert.True(wasStillOn);
        Assert.Equal(1, _turn.CurrentCount);
    }

    [Fact]
    public async Task Only_the_same_work_is_shared()
    {
        Task[] both = [JoinAsync("one"), JoinAsync("other")];
        _gate.SetResult();

        await Task.WhenAll(both);

        Assert.Equal(2, _rounds);
    }

    private Task JoinAsync(string key, CancellationToken cancellationToken = default) => _shared.JoinAsync(key, WorkAsync, cancellationToken);

    private TaskCompletionSource NextGate()
    {
        var gate = _gate;
        _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return gate;
    }

    private async Task WorkAsync(Action begin, CancellationToken stop)
    {
        await _turn.WaitAsync(stop);
        try
        {
            begin();
            var gate = _gate;
            _rounds++;
            _began.Release();
            await gate.Task.WaitAsync(stop);
        }
        finally
        {
            _turn.Release();
        }
    }
}
