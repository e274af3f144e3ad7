using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Sluice.Core.Running;

namespace Sluice.Processes;

/// <summary>One command under the supervisor: its main process, its whole tree, and its log.</summary>
internal sealed class SupervisedCommand(
    SupervisorRequest request, int process, int output, Stream? echo, object gate, Func<IReadOnlyCollection<SupervisedCommand>> alive)
{
    // A fork bomb is faster than one look at the table.
    private const int MaxSweeps = 200;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly string? _tag = Strays.TagOf(request.Variables);
    private readonly long _started = ProcessTable.StartOf(process);
    private string? _logError;
    private volatile Task? _ending;

    private readonly TaskCompletionSource<int> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The main process.</summary>
    public int Process => process;

    /// <summary>The main process has ended with this raw status.</summary>
    public void SetEnded(int status) => _ended.TrySetResult(status);

    /// <summary>Waits for the end of the whole tree and of its output.</summary>
    public async Task<SupervisorAnswer> WaitAsync()
    {
        var copying = Task.Factory.StartNew(CopyOutput, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var status = await _ended.Task;
        if (_ending is { } ending)
        {
            // What the main process has started gets the rest of the grace time, to clean up.
            await ending;
        }

        KillTree();
        await copying;
        var signal = status & 0x7f;
        return signal == 0
            ? new SupervisorAnswer { Id = request.Id, ExitCode = (status >> 8) & 0xff, LogError = _logError }
            : new SupervisorAnswer { Id = request.Id, Signal = signal, LogError = _logError };
    }

    /// <summary>Asks the tree to end, and makes it after the grace time.</summary>
    public Task EndAsync() => _ending ??= EndTreeAsync();

    private async Task EndTreeAsync()
    {
        // Known to be ending before the first process ends of it.
        await Task.Yield();
        foreach (var member in Members())
        {
            NativeProcess.Signal(member, NativeProcess.SigTerm);
        }

        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Look);
        while (Stopwatch.GetElapsedTime(began).TotalMilliseconds < request.GraceMilliseconds && Members().Count > 0)
        {
            await timer.WaitForNextTickAsync();
        }

        KillTree();
    }

    /// <summary>Kills what is left, until a look at the table finds nothing.</summary>
    public void KillTree()
    {
        NativeProcess.SignalGroup(process, NativeProcess.SigKill);
        for (var sweep = 0; sweep < MaxSweeps; sweep++)
        {
            var members = Members();
            if (members.Count == 0)
            {
                return;
            }

            // Stopped first, so that none forks while the others are killed.
            foreach (var signal in new[] { NativeProcess.SigStop, NativeProcess.SigKill })
            {
                foreach (var member in members)
                {
                    NativeProcess.Signal(member, signal);
                }
            }
        }
    }

    // The tree is the session, whoever descends from it, and whoever was orphaned and belongs to no other command.
    private List<int> Members()
    {
        List<SupervisedCommand> others;
        HashSet<int> isMainOf;
        List<ProcessEntry> all;

        // No command may be started meanwhile: one that is not registered yet would be taken for a stray.
        lock (gate)
        {
            others = [.. alive().Where(command => command != this)];
            isMainOf = [.. others.Select(command => command.Process)];
            if (_ended.Task.IsCompleted && ProcessTable.OwnChildren()?.All(isMainOf.Contains) is true)
            {
                // Whatever had outlived the main process would hang below an orphan.
                return [];
            }

            all = [.. ProcessTable.Read()];
        }

        var members = all.Where(it => it.Session == process || it.Process == process || IsStray(it, isMainOf, others)).Select(it => it.Process).ToHashSet();
        var children = all.ToLookup(it => it.Parent, it => it.Process);
        var waiting = new Stack<int>(members);
        while (waiting.TryPop(out var parent))
        {
            foreach (var child in children[parent].Where(members.Add))
            {
                waiting.Push(child);
            }
        }

        return [.. members];
    }

    // An orphan is told by its TMPDIR, which is its command's own. One that has cleared its environment may be that of any command that was
    // running when it began: it ends with the last of them.
    private bool IsStray(ProcessEntry it, HashSet<int> isMainOf, List<SupervisedCommand> others)
    {
        if (it.Parent != Environment.ProcessId || isMainOf.Contains(it.Process) || isMainOf.Contains(it.Session))
        {
            return false;
        }

        var marked = ProcessTable.Variable(it.Process, Strays.TagName);
        return marked is not null && marked == _tag
            || (!others.Exists(command => command._tag == marked && marked is not null) && others.TrueForAll(command => command._started > it.Started));
    }

    private void CopyOutput()
    {
        using var source = new SafeFileHandle(output, ownsHandle: true);
        using var stream = new FileStream(source, FileAccess.Read, bufferSize: 0);
        using var log = new CommandLog(request.Log, request.MaxLogBytes);
        var buffer = new byte[64 * 1024];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            log.Append(buffer.AsSpan(0, read));
            echo?.Write(buffer.AsSpan(0, read));
        }

        _logError = log.Error;
    }
}
