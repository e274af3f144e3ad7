using System.Runtime.InteropServices;
using Sluice.Core.Running;

namespace Sluice.Processes;

/// <summary>Runs commands as processes of this machine, as the service's own user.</summary>
internal sealed class ProcessEngine(ProcessOptions options, TimeProvider time) : ICommandEngine, IDisposable
{
    private static readonly string[] PassedOn = ["PATH", "VIRTUAL_ENV", "CONDA_PREFIX", "CUDA_VISIBLE_DEVICES"];

    private readonly Lock _lock = new();
    private SupervisorClient? _supervisor;

    /// <inheritdoc/>
    public string Name => "process";

    /// <inheritdoc/>
    public string Environment { get; } =
        $"host:{(OperatingSystem.IsMacOS() ? "macos" : "linux")}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    /// <inheritdoc/>
    public bool UsesImages => false;

    /// <inheritdoc/>
    public bool HasNetwork => true;

    /// <inheritdoc/>
    public string? FolderSeenAs => null;

    /// <inheritdoc/>
    public Task<CommandOutcome> RunAsync(CommandRequest request, CancellationToken cancellationToken) =>
        TimedCommand.RunAsync(request, token => AnswerAsync(request, token), time, cancellationToken);

    /// <summary>Ends the supervisor, and with it every command.</summary>
    public void Dispose() => _supervisor?.Dispose();

    private async Task<SupervisorAnswer> AnswerAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        var asked = SupervisorRequest.Of(request, id: 0, VariablesOf(request), options.Grace);
        if (!request.IsAlone)
        {
            return await Connect().RunAsync(asked, cancellationToken);
        }

        using var own = Start();
        try
        {
            return await own.RunAsync(asked, cancellationToken);
        }
        catch (EngineFailedException)
        {
            return new SupervisorAnswer { Id = 0, Error = "killed the supervisor of its own processes, and did so twice" };
        }
    }

    private SupervisorClient Connect()
    {
        lock (_lock)
        {
            if (_supervisor is not { IsAlive: true })
            {
                _supervisor?.Dispose();
                _supervisor = Start();
            }

            return _supervisor;
        }
    }

    private SupervisorClient Start() => SupervisorClient.Start(
        options.Supervisor.Count > 0 ? [.. options.Supervisor] : [System.Environment.ProcessPath!, Supervisor.Command]);

    // The task's own variables come last in the making, so that what is passed on never wins.
    private string[] VariablesOf(CommandRequest request)
    {
        var variables = new Dictionary<string, string>();
        foreach (var name in PassedOn.Concat(options.PassEnv))
        {
            if (System.Environment.GetEnvironmentVariable(name) is { } value)
            {
                variables[name] = value;
            }
        }

        foreach (var (name, value) in request.Variables)
        {
            variables[name] = value;
        }

        return [.. variables.Select(pair => $"{pair.Key}={pair.Value}")];
    }
}
