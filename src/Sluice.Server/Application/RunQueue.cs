using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Running;

namespace Sluice.Server.Application;

/// <summary>Carries runs out: several of one job side by side, the others in line; a newer push replaces waiting runs of its branch.</summary>
public sealed partial class RunQueue(RunReconciler reconciler, IRunStore runs, int runsPerJob, ILogger<RunQueue> logger) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _waiting = [];
    private readonly Dictionary<RunId, Entry> _entries = [];
    private readonly ConcurrentDictionary<RunStatus, long> _ended = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>How many runs wait, and how many go on.</summary>
    public (int Waiting, int Running) Counts
    {
        get
        {
            lock (_lock)
            {
                return (_waiting.Count, _entries.Count - _waiting.Count);
            }
        }
    }

    /// <summary>How many runs have ended since the start, by how.</summary>
    public IReadOnlyDictionary<RunStatus, long> Ended => _ended;

    /// <summary>Puts a stored run in line; one that is there already stays where it is.</summary>
    public async Task EnqueueAsync(Run run)
    {
        List<Entry> replaced;
        lock (_lock)
        {
            if (_entries.ContainsKey(run.Id))
            {
                return;
            }

            replaced = [.. _waiting.Where(entry => entry.Run.Job == run.Job && entry.Run.Ref == run.Ref && entry.Run.Commit != run.Commit)];
            foreach (var entry in replaced)
            {
                _waiting.Remove(entry);
                _entries.Remove(entry.Run.Id);
            }

            var added = new Entry(run);
            _entries.Add(run.Id, added);
            _waiting.Add(added);
        }

        Pump();
        foreach (var entry in replaced)
        {
            entry.SetEnded(await reconciler.CancelAsync(entry.Run.Id, $"replaced by the newer push {run.Commit.Short} of {run.Ref}"));
        }
    }

    /// <summary>Takes up every run that has not ended.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (var run in await runs.ListUnfinishedAsync(cancellationToken))
        {
            LogResumed(run.Id);
            await EnqueueAsync(run);
        }
    }

    /// <summary>Ends the runs of a job that nobody carries out: the command that did was killed, and another run has come since.</summary>
    public async Task EndInterruptedAsync(JobName job, CancellationToken cancellationToken)
    {
        foreach (var run in (await runs.ListUnfinishedAsync(cancellationToken)).Where(run => run.Job == job && !IsHere(run.Id)))
        {
            await reconciler.CancelAsync(run.Id, "interrupted: the command that carried it out was killed");
        }
    }

    /// <summary>Waits for the end of a run; of one that has ended already, gives how it ended.</summary>
    public async Task<Run> WaitAsync(RunId id, CancellationToken cancellationToken)
    {
        Entry? entry;
        lock (_lock)
        {
            entry = _entries.GetValueOrDefault(id);
        }

        return entry is not null
            ? await entry.Ended.WaitAsync(cancellationToken)
            : await runs.FindRunAsync(id, cancellationToken) ?? throw new ArgumentException($"There is no run {id}.", nameof(id));
    }

    /// <summary>Stops a run; one that has ended stays as it is.</summary>
    public async Task CancelAsync(RunId id)
    {
        Entry? entry;
        bool wasWaiting;
        lock (_lock)
        {
            entry = _entries.GetValueOrDefault(id);
            wasWaiting = entry is not null && _waiting.Remove(entry);
            if (wasWaiting)
            {
                _entries.Remove(id);
            }
        }

        if (wasWaiting)
        {
            entry!.SetEnded(await reconciler.CancelAsync(id, "cancelled on request"));
        }
        else if (entry is not null)
        {
            await entry.Cancel.CancelAsync();
        }
    }

    /// <summary>Begins to stop: nothing new is started, and running tasks are told to end.</summary>
    public void Stop() => _stopping.Cancel();

    /// <summary>Stops all; what has not ended stays in the database and is taken up again at the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Task[] running;
        lock (_lock)
        {
            running = [.. _entries.Values.Select(entry => entry.Execution)];
        }

        await Task.WhenAll(running);
    }

    private void Pump()
    {
        lock (_lock)
        {
            foreach (var entry in _waiting.ToList())
            {
                if (!_stopping.IsCancellationRequested && RunningOf(entry.Run.Job) < runsPerJob)
                {
                    _waiting.Remove(entry);
                    entry.Execution = Task.Run(() => ExecuteAsync(entry));
                }
            }
        }
    }

    private bool IsHere(RunId id)
    {
        lock (_lock)
        {
            return _entries.ContainsKey(id);
        }
    }

    private int RunningOf(JobName job) =>
        _entries.Values.Count(entry => entry.Run.Job == job) - _waiting.Count(entry => entry.Run.Job == job);

    private async Task ExecuteAsync(Entry entry)
    {
        try
        {
            var ended = await reconciler.ExecuteAsync(entry.Run.Id, entry.Cancel.Token, _stopping.Token);
            _ended.AddOrUpdate(ended.Status, 1, (_, count) => count + 1);
            Leave(entry);
            entry.SetEnded(ended);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            LogInterrupted(entry.Run.Id);
            entry.SetCancelled();
        }
        catch (SluiceException exception)
        {
            LogNotEnded(exception, entry.Run.Id);
            Leave(entry);
            entry.SetFailed(exception);
        }
        finally
        {
            // Whatever happened, the next in line must not wait for it.
            Pump();
        }
    }

    private void Leave(Entry entry)
    {
        lock (_lock)
        {
            _entries.Remove(entry.Run.Id);
        }
    }

    [LoggerMessage(LogLevel.Information, "Run {RunId}: taken up again")]
    private partial void LogResumed(RunId runId);

    [LoggerMessage(LogLevel.Information, "Run {RunId}: interrupted, goes on at the next start")]
    private partial void LogInterrupted(RunId runId);

    [LoggerMessage(LogLevel.Error, "Run {RunId}: its end could not be written down")]
    private partial void LogNotEnded(Exception exception, RunId runId);

    private sealed class Entry(Run run)
    {
        private readonly TaskCompletionSource<Run> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Run Run => run;

        public CancellationTokenSource Cancel { get; } = new();

        public Task Execution { get; set; } = Task.CompletedTask;

        public Task<Run> Ended => _ended.Task;

        public void SetEnded(Run ended) => _ended.TrySetResult(ended);

        public void SetFailed(Exception exception) => _ended.TrySetException(exception);

        public void SetCancelled() => _ended.TrySetCanceled();
    }
}
