using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Sluice.Processes;

/// <summary>
/// The long-lived parent of all local tasks: starts them, reaps them, kills whole trees, and ends with all of them when its input closes, which
/// also happens when the service is killed. See "Running one task" in docs/design.
/// </summary>
public sealed class Supervisor
{
    /// <summary>The hidden command of <c>sluice</c> that runs it.</summary>
    public const string Command = "supervise";

    private static readonly PosixSignal[] Ignored = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private readonly CommandTable _table = new();
    private readonly ConcurrentDictionary<long, CancellationTokenSource> _running = new();
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
        supervisor._table.Begin();
        while (requests.ReadLine() is { } line)
        {
            supervisor.Handle(JsonSerializer.Deserialize(line, SupervisorJson.Default.SupervisorRequest)!);
        }

        supervisor._table.KillAll();

        ignored.ForEach(registration => registration.Dispose());
        return 0;
    }

    private void Handle(SupervisorRequest request)
    {
        if (request.Argv.Length > 0)
        {
            var end = _running[request.Id] = new CancellationTokenSource();
            _ = AnswerAsync(request, _table.RunAsync(request, echo: null, end.Token));
        }
        else if (_running.TryGetValue(request.Id, out var running))
        {
            running.Cancel();
        }
    }

    private async Task AnswerAsync(SupervisorRequest request, Task<SupervisorAnswer> running)
    {
        var answer = await running;
        _running.TryRemove(request.Id, out _);
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
}
