using System.Collections.Concurrent;
using Sluice.Core.Running;

namespace Sluice.Processes;

/// <summary>
/// Commands as children of this process: starts them, reaps them with all their orphans, and kills whole trees. One for a process, which must
/// have no other children: they would be taken for orphans.
/// </summary>
internal sealed class CommandTable
{
    private readonly ConcurrentDictionary<long, SupervisedCommand> _commands = new();
    private readonly Dictionary<int, SupervisedCommand> _byProcess = [];
    private readonly object _gate = new();
    private long _started;

    /// <summary>Begins to reap.</summary>
    public void Begin()
    {
        NativeProcess.BecomeSubreaper();
        new Thread(Reap) { IsBackground = true, Name = "reaper" }.Start();
    }

    /// <summary>Runs a command until it and all its processes have ended.</summary>
    /// <param name="request">The command; its number is no other's.</param>
    /// <param name="echo">Takes the output too, as it comes.</param>
    /// <param name="cancellationToken">Ends it; the answer still comes.</param>
    public async Task<SupervisorAnswer> RunAsync(SupervisorRequest request, Stream? echo, CancellationToken cancellationToken)
    {
        if (Start(request, echo, out var error) is not { } command)
        {
            return new SupervisorAnswer { Id = request.Id, Error = error };
        }

        await using var registration = cancellationToken.Register(() => _ = command.EndAsync());
        var answer = await command.WaitAsync();
        _commands.TryRemove(request.Id, out _);
        return answer;
    }

    /// <summary>Kills every command.</summary>
    public void KillAll()
    {
        foreach (var command in _commands.Values)
        {
            command.KillTree();
        }
    }

    private SupervisedCommand? Start(SupervisorRequest request, Stream? echo, out string? error)
    {
        if (ProgramPath.Find(request.Argv[0], request.Folder, request.Variables) is not { } program)
        {
            error = CommandEnd.NoProgram(request.Argv[0]);
            return null;
        }

        var (read, write) = NativeProcess.CreatePipe();
        SupervisedCommand? command = null;
        int failed;
        lock (_gate)
        {
            // Registered before the reaper can see it end.
            failed = NativeProcess.Spawn(program, request.Argv, request.Variables, request.Folder, write, out var process);
            if (failed == 0)
            {
                command = new SupervisedCommand(request, process, read, echo, _gate, () => [.. _commands.Values]);
                _byProcess[process] = _commands[request.Id] = command;
                _started++;
                Monitor.PulseAll(_gate);
            }
        }

        NativeProcess.CloseHandle(write);
        if (command is null)
        {
            NativeProcess.CloseHandle(read);
        }

        error = CommandEnd.NotRunnable(request.Argv[0], ProgramPath.Describe(failed));
        return command;
    }

    // Reaps every child, also orphans that were handed over.
    private void Reap()
    {
        while (true)
        {
            var seen = Interlocked.Read(ref _started);
            var ended = NativeProcess.WaitAny();
            lock (_gate)
            {
                if (ended is { } child)
                {
                    if (_byProcess.Remove(child.Process, out var command))
                    {
                        command.SetEnded(child.Status);
                    }
                }
                else
                {
                    while (_started == seen)
                    {
                        Monitor.Wait(_gate);
                    }
                }
            }
        }
    }
}
