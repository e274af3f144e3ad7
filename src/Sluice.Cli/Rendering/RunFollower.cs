using System.Diagnostics;
using Sluice.Client;

namespace Sluice.Cli.Rendering;

/// <summary>Shows a run while it goes on: one line that is drawn over itself on a terminal, plain lines otherwise.</summary>
internal sealed class RunFollower(ISluiceApi api, string runId)
{
    // A person sees ten changes a second; more only costs.
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, TaskView> _tasks = [];
    private readonly bool _isLive = Terminal.IsLive;
    private long _drawn;
    private RunView? _run;

    /// <summary>Follows to the end.</summary>
    public async Task<RunView> FollowAsync(CancellationToken cancellationToken)
    {
        await foreach (var happened in api.EventsAsync(runId, cancellationToken: cancellationToken))
        {
            _run = happened.Run ?? _run;
            if (happened.Task is { } task)
            {
                Take(task);
            }

            if (_isLive && Stopwatch.GetElapsedTime(_drawn) > Redraw)
            {
                Draw();
            }
        }

        Clear();
        return await api.GetRunAsync(runId, cancellationToken);
    }

    private void Take(TaskView task)
    {
        var before = _tasks.GetValueOrDefault(task.Name)?.State;
        _tasks[task.Name] = task;
        if (task.State == "failed" && before != "failed")
        {
            Clear();
            Console.Error.WriteLine(Terminal.Safe($"FAILED {task.Name}: {task.Error}"));
            Console.Error.WriteLine(Terminal.Safe($"       its log: sluice log {task.Name} --run {runId}"));
        }
        else if (!_isLive && task.State != before && task.State is "executed" or "running")
        {
            Console.Error.WriteLine(Terminal.Safe($"{task.State} {task.Name}"));
        }
    }

    // Done, running, and those of which it is not known yet whether they run at all.
    private void Draw()
    {
        _drawn = Stopwatch.GetTimestamp();
        var all = _run?.Counts.Values.Sum() ?? 0;
        var running = _tasks.Values.Where(task => task.State == "running").ToList();
        var pending = _tasks.Values.Where(task => task.State == "pending").ToList();
        var unknown = pending.Count(task => task.Planned == "may_run");
        var names = string.Join(", ", running.Select(task => $"{task.Name} {Terminal.Show(TimeProvider.System.GetUtcNow() - (task.StartedAt ?? TimeProvider.System.GetUtcNow()))}"));
        var line = $"{_run?.Status} {all - pending.Count - running.Count}/{all}, {unknown} may run | {names}";
        Console.Error.Write($"\r\u001b[2K{Terminal.Cut(line, Width() - 1)}");
    }

    private void Clear()
    {
        if (_isLive)
        {
            Console.Error.Write("\r\u001b[2K");
        }
    }

    private static int Width() => Console.IsErrorRedirected || Console.WindowWidth <= 0 ? 80 : Console.WindowWidth;
}
