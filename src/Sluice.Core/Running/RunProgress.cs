using System.Collections.Immutable;
using System.Threading.Channels;

namespace Sluice.Core.Running;

/// <summary>
/// The state of a run while it is carried out. Changes are written in the background, as many at once as have come together, so that ten
/// thousand short tasks do not wait for ten thousand transactions.
/// </summary>
public sealed class RunProgress
{
    private const int MaxWarnings = 200;

    /// <summary>How often a write is tried again when the database cannot take it; a disk that a task has filled is often free soon.</summary>
    private const int MaxRetries = 6;

    private readonly IRunStore _store;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Dictionary<int, TaskRun> _tasks = [];
    private readonly Dictionary<TaskState, int> _counts = [];
    private readonly Task _writer;
    private Dictionary<int, TaskRun> _dirty = [];
    private Run _run;

    /// <summary>Begins to write.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="run">The run as stored.</param>
    /// <param name="time">The time to wait by.</param>
    public RunProgress(IRunStore store, Run run, TimeProvider time)
    {
        (_store, _run, _time) = (store, run, time);
        _writer = WriteAsync();
    }

    /// <summary>The run as it is now.</summary>
    public Run Run
    {
        get
        {
            lock (_lock)
            {
                return _run with { Counts = _counts.Where(pair => pair.Value > 0).ToImmutableSortedDictionary() };
            }
        }
    }

    /// <summary>The tasks in the order of the file.</summary>
    public ImmutableArray<TaskRun> Tasks
    {
        get
        {
            lock (_lock)
            {
                return [.. _tasks.Values.OrderBy(task => task.Index)];
            }
        }
    }

    /// <summary>Whether writing has failed; <see cref="CompleteAsync"/> then says why.</summary>
    public bool HasFailed => _writer.IsCompleted;

    /// <summary>Changes the run itself.</summary>
    public void Change(Func<Run, Run> change)
    {
        lock (_lock)
        {
            _run = change(_run);
        }

        _signal.Writer.TryWrite(true);
    }

    /// <summary>Adds to what a person should know.</summary>
    public void Warn(IReadOnlyCollection<string> warnings)
    {
        if (warnings.Count > 0)
        {
            Change(run => run with { Warnings = [.. run.Warnings.Concat(warnings).Distinct().Take(MaxWarnings)] });
        }
    }

    /// <summary>Takes note of a task without writing it: it is written elsewhere.</summary>
    public void Count(TaskRun task)
    {
        lock (_lock)
        {
            if (_tasks.TryGetValue(task.Index, out var before))
            {
                _counts[before.State]--;
            }

            _tasks[task.Index] = task;
            _counts[task.State] = _counts.GetValueOrDefault(task.State) + 1;
        }
    }

    /// <summary>Changes a task.</summary>
    public void Change(TaskRun task)
    {
        Count(task);
        lock (_lock)
        {
            _dirty[task.Index] = task;
        }

        _signal.Writer.TryWrite(true);
    }

    /// <summary>Changes what is known of a task.</summary>
    public void Change(int index, Func<TaskRun, TaskRun> change)
    {
        lock (_lock)
        {
            Change(change(_tasks[index]));
        }
    }

    /// <summary>Changes what is known of a task, unless that says nothing new.</summary>
    public void ChangeIf(int index, Func<TaskRun, bool> isNews, Func<TaskRun, TaskRun> change)
    {
        lock (_lock)
        {
            if (isNews(_tasks[index]))
            {
                Change(change(_tasks[index]));
            }
        }
    }

    /// <summary>Writes what is left, and stops.</summary>
    public async Task CompleteAsync()
    {
        _signal.Writer.TryComplete();
        await _writer;
    }

    private async Task WriteAsync()
    {
        while (await _signal.Reader.WaitToReadAsync())
        {
            _signal.Reader.TryRead(out _);
            await FlushAsync();
        }

        await FlushAsync();
    }

    private async Task FlushAsync()
    {
        Run run;
        Dictionary<int, TaskRun> dirty;

        // Both at one moment: a run that has ended must not be written before the last of its tasks.
        lock (_lock)
        {
            run = Run;
            (dirty, _dirty) = (_dirty, []);
        }

        // Not cancellable: what has happened is written down, also when the run is being cancelled.
        for (var retry = 0; ; retry++)
        {
            try
            {
                await _store.SaveAsync(run, dirty.Values, CancellationToken.None);
                return;
            }
            catch (SluiceException exception) when (exception.Kind == FaultKind.Unavailable && retry < MaxRetries)
            {
                await Task.Delay(TimeSpan.FromSeconds(Math.Pow(2, retry) / 10), _time);
            }
        }
    }
}
