using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Sluice.Adapters.Processes;

/// <summary>
/// The long-lived parent of all local tasks: starts them, reaps them, kills whole trees, and ends with all of them when its input closes, which
/// also happens when the service is killed. See "Running one task" in docs/design.
/// </summary>
public sealed class Supervisor
{
    /// <summary>The hidden command of <c>sluice</c> that runs it.</summary>
    public const string Command = "supervise";

    private static readonly PosixSignal[] Ignored = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private readonly ConcurrentDictionary<long, SupervisedCommand> _commands = new();
    private readonly Dictionary<int, SupervisedCommand> _byProcess = [];
    private readonly object _gate = new();
    private long _started;
    private readonly TextWriter _answers;

    private Supervisor(TextWriter answers) => _answers = answers;

    /// <summary>Runs until the input ends.</summary>
    /// <returns>The exit status of the process.</returns>
    public static int Run(TextReader requests, TextWriter answers)
    {
        var supervisor = new Supervisor(answers);

        // Only the end of its input ends it: Ctrl-C in a terminal, or a signal to the service's group, must not leave its commands behind.
        NativeProcess.LeaveSession();
        List<PosixSignalRegistration> ignored = [.. Ignored.Select(signal => PosixSignalRegistration.Create(signal, context => context.Cancel = true))];
        NativeProcess.BecomeSubreaper();
        new Thread(supervisor.Reap) { IsBackground = true, Name = "reaper" }.Start();
        while (requests.ReadLine() is { } line)
        {
            supervisor.Handle(JsonSerializer.Deserialize(line, SupervisorJson.Default.SupervisorRequest)!);
        }

        foreach (var command in supervisor._commands.Values)
        {
            command.KillTree();
        }

        ignored.ForEach(registration => registration.Dispose());
        return 0;
    }

    private void Handle(SupervisorRequest request)
    {
        if (request.Argv.Length == 0)
        {
            if (_commands.TryGetValue(request.Id, out var running))
            {
                _ = running.EndAsync();
            }
        }
        else if (Start(request, out var error) is { } command)
        {
            _ = AnswerAsync(request.Id, command);
        }
        else
        {
            Answer(new SupervisorAnswer { Id = request.Id, Error = error });
        }
    }

    private SupervisedCommand? Start(SupervisorRequest request, out string? error)
    {
        if (ProgramPath.Find(request.Argv[0], request.Folder, request.Variables) is not { } program)
        {
            error = $"there is no program '{request.Argv[0]}'";
            return null;
        }

        var (read, write) = NativeProcess.CreatePipe();
        SupervisedCommand? command = null;
        int failed;
        lock (_gate)
        {
            // Registered before the reaper can see it end.
            failed = NativeProcess.Spawn(
                program, request.Argv, request.Variables, request.Folder, write, out var process);
            if (failed == 0)
            {
                command = new SupervisedCommand(request, process, read, _gate, () => [.. _commands.Values]);
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

        error = $"the program '{request.Argv[0]}' cannot be run: {ProgramPath.Describe(failed)}";
        return command;
    }

    private async Task AnswerAsync(long id, SupervisedCommand command)
    {
        var answer = await command.WaitAsync();
        _commands.TryRemove(id, out _);
        Answer(answer);
    }

    private void Answer(SupervisorAnswer answer)
    {
        lock (_answers)
        {
            _answers.WriteLine(JsonSerializer.Serialize(answer, SupervisorJson.Default.SupervisorAnswer));
            _answers.Flush();
        }
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
