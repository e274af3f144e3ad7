using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Sluice.Core;
using Sluice.Core.Running;

namespace Sluice.Processes;

/// <summary>The service's side of one supervisor process.</summary>
internal sealed class SupervisorClient : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentDictionary<long, (TaskCompletionSource<SupervisorAnswer> Answer, string? Tag)> _waiting = new();
    private readonly Lock _lock = new();
    private long _last;

    private SupervisorClient(Process process) => _process = process;

    /// <summary>Whether it still runs.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>Starts a supervisor.</summary>
    public static SupervisorClient Start(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start)
            ?? throw new SluiceException(FaultKind.Unavailable, "engine-unavailable", "The supervisor of the process engine could not be started.");
        var client = new SupervisorClient(process);
        new Thread(client.Read) { IsBackground = true, Name = "supervisor answers" }.Start();
        return client;
    }

    /// <summary>Runs a command to its end.</summary>
    /// <param name="request">What to run; its number is given here.</param>
    /// <param name="cancellationToken">Ends it; the answer still comes when all its processes have ended.</param>
    public async Task<SupervisorAnswer> RunAsync(SupervisorRequest request, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = new TaskCompletionSource<SupervisorAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = (answer, Strays.TagOf(request.Variables));
        Send(request with { Id = id });
        await using var registration = cancellationToken.Register(() => Send(new SupervisorRequest { Id = id }));
        return await answer.Task;
    }

    /// <summary>Closes its input, at which it ends with everything below it.</summary>
    public void Dispose()
    {
        try
        {
            lock (_lock)
            {
                _process.StandardInput.Close();
            }
        }
        catch (IOException)
        {
            // What was not sent yet is lost with a supervisor that ended before: everybody who waited for it has been told.
        }

        _process.WaitForExit(TimeSpan.FromSeconds(10));
        _process.Dispose();
    }

    private void Send(SupervisorRequest request)
    {
        try
        {
            lock (_lock)
            {
                _process.StandardInput.WriteLine(JsonSerializer.Serialize(request, SupervisorJson.Default.SupervisorRequest));
                _process.StandardInput.Flush();
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            Fail();
        }
    }

    private void Read()
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            var answer = JsonSerializer.Deserialize(line, SupervisorJson.Default.SupervisorAnswer)!;
            if (_waiting.TryRemove(answer.Id, out var waiting))
            {
                waiting.Answer.SetResult(answer);
            }
        }

        Fail();
    }

    // Its commands live on when it was killed: they end before anybody is told, and so before their folders are used again.
    private void Fail()
    {
        IsAlive = false;
        var lost = _waiting.Values.Select(waiting => waiting.Tag).OfType<string>().ToHashSet();
        if (lost.Count > 0)
        {
            Strays.Kill(lost.Contains);
        }

        foreach (var id in _waiting.Keys)
        {
            if (_waiting.TryRemove(id, out var waiting))
            {
                waiting.Answer.SetException(new EngineFailedException("The supervisor of the process engine was killed."));
            }
        }
    }
}
