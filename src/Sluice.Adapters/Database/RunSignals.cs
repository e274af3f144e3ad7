using Sluice.Core.Running;

namespace Sluice.Adapters.Database;

/// <summary>Tells those who follow a run that there is something new to read.</summary>
internal sealed class RunSignals
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RunId, TaskCompletionSource> _waiting = [];

    /// <summary>Ends with the next change after this call; ask before reading, so that nothing falls between.</summary>
    public Task NextAsync(RunId run)
    {
        lock (_lock)
        {
            if (!_waiting.TryGetValue(run, out var source))
            {
                _waiting.Add(run, source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            return source.Task;
        }
    }

    /// <summary>There is something new.</summary>
    public void Raise(RunId run)
    {
        TaskCompletionSource? source;
        lock (_lock)
        {
            _waiting.Remove(run, out source);
        }

        source?.SetResult();
    }
}
