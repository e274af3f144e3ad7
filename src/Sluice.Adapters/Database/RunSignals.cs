using Sluice.Core.Running;

namespace Sluice.Adapters.Database;

/// <summary>Tells those who follow a run that there is something new to read.</summary>
internal sealed class RunSignals
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RunId, Followed> _followed = [];

    /// <summary>Begins to follow a run; to be disposed, so that nothing is kept of runs that nobody follows.</summary>
    public Subscription Follow(RunId run)
    {
        lock (_lock)
        {
            if (!_followed.TryGetValue(run, out var followed))
            {
                _followed.Add(run, followed = new Followed());
            }

            followed.Followers++;
            return new Subscription(this, run, followed);
        }
    }

    /// <summary>There is something new.</summary>
    public void Raise(RunId run)
    {
        TaskCompletionSource? changed = null;
        lock (_lock)
        {
            if (_followed.TryGetValue(run, out var followed))
            {
                (changed, followed.Changed) = (followed.Changed, Followed.New());
            }
        }

        changed?.SetResult();
    }

    /// <summary>One who follows.</summary>
    internal sealed class Subscription(RunSignals signals, RunId run, Followed followed) : IDisposable
    {
        /// <summary>Ends with the next change after this call; ask before reading, so that nothing falls between.</summary>
        public Task Next
        {
            get
            {
                lock (signals._lock)
                {
                    return followed.Changed.Task;
                }
            }
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            lock (signals._lock)
            {
                if (--followed.Followers == 0)
                {
                    signals._followed.Remove(run);
                }
            }
        }
    }

    /// <summary>A run that somebody follows.</summary>
    internal sealed class Followed
    {
        /// <summary>How many follow it.</summary>
        public int Followers { get; set; }

        /// <summary>Ends with the next change.</summary>
        public TaskCompletionSource Changed { get; set; } = New();

        /// <summary>Of the kind that does not run its waiters on the writer's thread.</summary>
        public static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
