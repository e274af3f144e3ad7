using Sluice.Client;

namespace Sluice.Cli.Rendering;

/// <summary>Shows a run while it goes on: one line that is drawn over itself on a terminal, plain lines otherwise.</summary>
internal sealed class RunFollower(ISluiceApi api, string runId)
{
    // A person sees five changes a second; more only costs.
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, TaskView> _tasks = [];
    private readonly HashSet<string> _warned = [];
    private readonly bool _isLive = Terminal.IsLive;
    private readonly Lock _screen = new();
    private RunView? _run;
    private long _seen;

    /// <summary>Follows to the end; when it was stopped, the next call goes on where it was.</summary>
    public async Task<RunView> FollowAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var drawing = _isLive ? RedrawAsync(stop.Token) : Task.CompletedTask;
        try
        {
            await foreach (var happened in api.EventsAsync(runId, _seen, cancellationToken))
            {
                lock (_screen)
                {
                    Take(happened);
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await drawing;
            Clear();
        }

        var run = await api.GetRunAsync(runId, cancellationToken);
        Warn(run);
        return run;
    }

    // By the clock and not by the events: a task runs on although nothing happens.
    private async Task RedrawAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Redraw, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                lock (_screen)
                {
                    Draw();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // There is no more to draw.
        }
    }

    private void Take(RunEventView happened)
    {
        _seen = happened.Id;
        _run = happened.Run ?? _run;
        if (happened.Run is { } run)
        {
            Warn(run);
        }

        if (happened.Task is { } task)
        {
            Take(task);
        }
    }

    // As they come: one may say what a run waits for.
    private void Warn(RunView run)
    {
        var more = run.Warnings.Where(_warned.Add).ToList();
        if (more.Count > 0)
        {
            Clear();
            Output.Warnings(more);
        }
    }

    private void Take(TaskView task)
    {
        var before = _tasks.GetValueOrDefault(task.Name)?.State;
        _tasks[task.Name] = task;
        if (task.State == "failed" && before != "failed")
        {
            Clear();
            Output.Note($"FAILED {task.Name}: {task.Error}");
            Output.Command("log", $"sluice log {ShellWord.Quote(task.Name)} --run {runId}");
        }
        else if (!_isLive && task.State != before && task.State is "executed" or "running")
        {
            Console.Error.WriteLine(Terminal.Safe($"{task.State} {task.Name}"));
        }
    }

    // Done, running, and those of which it is not known yet whether they run at all.
    private void Draw()
    {
        var now = TimeProvider.System.GetUtcNow();
        var all = _run?.Counts.Values.Sum() ?? 0;
        var running = _tasks.Values.Where(task => task.State == "running").ToList();
        var pending = _tasks.Values.Where(task => task.State == "pending").ToList();
        var unknown = pending.Count(task => task.Planned == "may_run");
        var names = string.Join(", ", running.Select(task => $"{RunTable.Name(task)} {Terminal.Show(now - (task.StartedAt ?? now))}"));
        var line = $"{_run?.Status} {all - pending.Count - running.Count}/{all}, {unknown} may run | {names}";
        Console.Error.Write($"\r\u001b[2K{Terminal.Cut(line, Terminal.ErrorWidth - 1)}");
    }

    private void Clear()
    {
        if (_isLive)
        {
            Console.Error.Write("\r\u001b[2K");
        }
    }
}
