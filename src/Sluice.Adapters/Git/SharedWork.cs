namespace Sluice.Adapters.Git;

/// <summary>Work that all share who ask for it before it begins, its failure included.</summary>
internal sealed class SharedWork
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Round> _next = [];

    /// <summary>Waits for a round of the work that begins after this call. It is stopped only when all who wait for it have gone.</summary>
    /// <param name="key">Only those with the same key share.</param>
    /// <param name="work">The work; it says when it begins, and whoever comes after that waits for another round.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task JoinAsync(string key, Func<Action, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        var round = Enter(key, work);
        try
        {
            await round.Work.WaitAsync(cancellationToken);
        }
        finally
        {
            if (Leave(key, round))
            {
                // Nobody wants to know any more how it went, only that it is over.
                await round.Stop.CancelAsync();
                await Task.WhenAny(round.Work);
                round.Stop.Dispose();
            }
        }
    }

    private Round Enter(string key, Func<Action, CancellationToken, Task> work)
    {
        lock (_lock)
        {
            if (!_next.TryGetValue(key, out var round))
            {
                var stop = new CancellationTokenSource();
                round = new Round(stop);
                _next.Add(key, round);
                round.Work = Task.Run(() => work(() => Forget(key, round), stop.Token));
            }

            round.Users++;
            return round;
        }
    }

    private bool Leave(string key, Round round)
    {
        lock (_lock)
        {
            if (--round.Users > 0)
            {
                return false;
            }

            Forget(key, round);
            return true;
        }
    }

    private void Forget(string key, Round round)
    {
        lock (_lock)
        {
            if (_next.GetValueOrDefault(key) == round)
            {
                _next.Remove(key);
            }
        }
    }

    private sealed class Round(CancellationTokenSource stop)
    {
        public CancellationTokenSource Stop => stop;

        public Task Work { get; set; } = Task.CompletedTask;

        public int Users { get; set; }
    }
}
