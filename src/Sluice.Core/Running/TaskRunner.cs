using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Sluice.Core.Jobs;
using Sluice.Core.Results;

namespace Sluice.Core.Running;

/// <summary>
/// Runs one task, the same way on every engine: stage, run the command, check what it left, and keep it. See "Running one task" in
/// docs/design.
/// </summary>
public sealed partial class TaskRunner(ICommandEngine engine, StateFolder state, TimeProvider time, ILogger<TaskRunner> logger)
{
    /// <summary>The name under which a command's output is stored.</summary>
    public const string LogName = "command.log";

    private const int HintBytes = 16 * 1024;

    private readonly ConcurrentBag<TaskFolder> _free = [];
    private int _folders;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>Runs a task to its end, retries included.</summary>
    /// <param name="work">What to run.</param>
    /// <param name="onAttempt">Told when an attempt begins.</param>
    /// <param name="cancellationToken">Ends the command with all its processes.</param>
    /// <exception cref="DamagedContentException">An input's content is missing or damaged; nothing is said of the task.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing of the task is left running.</exception>
    public async Task<TaskOutcome> RunAsync(
        TaskWork work, Action<ImmutableArray<TaskAttempt>> onAttempt, CancellationToken cancellationToken)
    {
        var task = work.Task.Task;
        var attempts = ImmutableArray<TaskAttempt>.Empty;
        var log = state.LogOf(work.Run, work.Task.Index);
        Directory.CreateDirectory(state.LogsOf(work.Run));
        File.Delete(log);
        while (true)
        {
            var (files, attempt, warnings) = await TryApartAsync(work, log, started => onAttempt(attempts.Add(started)), cancellationToken);
            attempts = attempts.Add(attempt);
            if (files is not null || attempts.Length > task.Retries)
            {
                return new TaskOutcome { Files = files, Error = attempt.Error, Warnings = warnings, Attempts = attempts };
            }

            var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, attempts.Length - 1)));
            LogRetry(work.Run, task.Name, attempts.Length, attempt.Error!, pause);
            await File.AppendAllTextAsync(
                log, $"[sluice] attempt {attempts.Length} failed: {attempt.Error}; again in {pause.TotalSeconds} s\n", cancellationToken);
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>Takes the folder of an ended run's logs away, unless a failed task has left one.</summary>
    public void CleanUp(RunId run)
    {
        var logs = state.LogsOf(run);
        if (Directory.Exists(logs) && !Directory.EnumerateFileSystemEntries(logs).Any())
        {
            Directory.Delete(logs);
        }
    }

    // When the engine failed, this very command may have done it: tried again apart from all others, it harms only itself.
    private async Task<(ResultFiles? Files, TaskAttempt Attempt, ImmutableArray<string> Warnings)> TryApartAsync(
        TaskWork work, string log, Action<TaskAttempt> onStart, CancellationToken cancellationToken)
    {
        try
        {
            return await TryOnceAsync(work, log, isAlone: false, onStart, cancellationToken);
        }
        catch (EngineFailedException exception)
        {
            LogEngineFailed(exception, work.Run, work.Task.Task.Name);
            return await TryOnceAsync(work, log, isAlone: true, onStart, cancellationToken);
        }
    }

    private async Task<(ResultFiles? Files, TaskAttempt Attempt, ImmutableArray<string> Warnings)> TryOnceAsync(
        TaskWork work, string log, bool isAlone, Action<TaskAttempt> onStart, CancellationToken cancellationToken)
    {
        if (!_free.TryTake(out var folder))
        {
            folder = new TaskFolder(state.WorkFolder(Interlocked.Increment(ref _folders)), engine.FolderSeenAs);
        }

        var started = time.GetUtcNow();
        onStart(new TaskAttempt(started, null, null, null));
        try
        {
            await folder.StageAsync(work, cancellationToken);
            var ended = await RunCommandAsync(work, folder, log, isAlone, cancellationToken);
            var attempt = new TaskAttempt(ended.StartedAt, ended.FinishedAt, ended.ExitCode, ended.Error);
            if (ended.Error is not null)
            {
                return (null, attempt with { Error = ended.Error + await HintAsync(work, log, cancellationToken) }, []);
            }

            var (files, error, warnings) = await KeepAsync(work, folder, log, cancellationToken);
            return (files, attempt with { Error = error }, warnings);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The disk is full, or the task left something that cannot be read: its own failure, with the reason.
            LogCannotKeep(exception, work.Run, work.Task.Task.Name);
            return (null, new TaskAttempt(started, time.GetUtcNow(), null, $"its files could not be handled: {exception.Message}"), []);
        }
        finally
        {
            if (folder.TryEmpty())
            {
                _free.Add(folder);
            }
        }
    }

    private Task<CommandOutcome> RunCommandAsync(
        TaskWork work, TaskFolder folder, string log, bool isAlone, CancellationToken cancellationToken) => engine.RunAsync(
            new CommandRequest
            {
                Argv = work.Task.Task.Command.Argv,
                WorkFolder = folder.Work,
                Folder = folder.Root,
                TemporaryFolder = folder.Temporary,
                Image = work.Image,
                AwaitsImage = work.AwaitsImage,
                OnWait = work.OnWait,
                Resources = work.Task.Task.Resources,
                UsesNetwork = work.Task.Task.UsesNetwork,
                Run = work.Run,
                Task = work.Task.Task.Name,
                Variables = TaskVariables.Of(work, folder.Seen),
                LogPath = log,
                IsAlone = isAlone,
                Timeout = work.Task.Task.Timeout,
            },
            cancellationToken);

    private static async Task<(ResultFiles? Files, string? Error, ImmutableArray<string> Warnings)> KeepAsync(
        TaskWork work, TaskFolder folder, string log, CancellationToken cancellationToken)
    {
        if (folder.FindTouchedInput() is { } touched)
        {
            return (null, $"changed or deleted its input '{touched}'; inputs are read-only, write to a declared output instead", []);
        }

        var collector = new OutputCollector(work.Contents, folder);
        var undeclared = collector.FindUndeclared(work);
        var (files, error, leftOut) = await collector.CollectAsync(work.Task.Task, cancellationToken);
        if (files is null)
        {
            return (null, error, []);
        }

        var output = File.Exists(log) ? await work.Contents.TakeFileAsync(log, keep: false, cancellationToken) : null;
        var name = RepoPath.Trusted(LogName);
        var logs = files.Logs.Where(file => file.Path != name).ToList();
        ImmutableArray<string> taken = logs.Count < files.Logs.Length ? [.. leftOut, $"wrote a log of its own as '{LogName}', the name of the command's output"] : leftOut;
        files = files with { Logs = output is { } content ? [new StoredFile(name, content, false), .. logs] : [.. logs] };
        return (files, null, Warnings(work.Task.Task.Name, undeclared, taken));
    }

    private static ImmutableArray<string> Warnings(TaskName task, IReadOnlyList<string> undeclared, IReadOnlyList<string> leftOut)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (undeclared.Count > 0)
        {
            var named = string.Join(", ", undeclared.Take(5).Select(path => $"'{path}'"));
            var more = undeclared.Count > 5 ? $" and {undeclared.Count - 5} more" : "";
            warnings.Add($"{task}: {named}{more} in data/ is not a declared output and was dropped");
        }

        warnings.AddRange(leftOut.Select(problem => $"{task}: {problem}; it was left out"));
        return warnings.DrainToImmutable();
    }

    private static async Task<string> HintAsync(TaskWork work, string log, CancellationToken cancellationToken)
    {
        await using var stream = LogFile.TryOpen(log);
        if (stream is null)
        {
            return "";
        }

        var tail = await LogTail.ReadAsync(stream, HintBytes, cancellationToken);
        return MissingFileHint.Of(tail, work.Undeclared());
    }

    [LoggerMessage(LogLevel.Information, "Run {RunId}: task {Task} failed its attempt {Attempt} ({Error}), again in {Pause}")]
    private partial void LogRetry(RunId runId, TaskName task, int attempt, string error, TimeSpan pause);

    [LoggerMessage(LogLevel.Warning, "Run {RunId}: the engine failed while it ran task {Task}, which is run again")]
    private partial void LogEngineFailed(Exception exception, RunId runId, TaskName task);

    [LoggerMessage(LogLevel.Warning, "Run {RunId}: the files of task {Task} could not be handled")]
    private partial void LogCannotKeep(Exception exception, RunId runId, TaskName task);
}
