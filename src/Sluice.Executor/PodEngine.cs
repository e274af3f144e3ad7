using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Sluice.Core.Running;

namespace Sluice.Executor;

/// <summary>Runs the pod's one command as a child of this process, in the image that is there.</summary>
internal sealed class PodEngine(TimeProvider time) : ICommandEngine
{
    /// <summary>Kubernetes gives a pod 30 seconds; what is left goes into saying what happened.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public string Name => "argo";

    /// <inheritdoc/>
    public string Environment => "";

    /// <inheritdoc/>
    public bool UsesImages => true;

    /// <inheritdoc/>
    public async Task<CommandOutcome> RunAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var limit = new CancellationTokenSource(request.Timeout ?? Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var started = time.GetUtcNow();
        using var process = new Process { StartInfo = StartOf(request) };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            return new CommandOutcome(null, $"'{request.Argv[0]}' cannot be started in this image: {exception.Message}", started, time.GetUtcNow());
        }

        process.StandardInput.Close();
        using var log = new PodLog(request.LogPath, request.MaxLogBytes);
        var copying = Task.WhenAll(log.CopyAsync(process.StandardOutput.BaseStream), log.CopyAsync(process.StandardError.BaseStream));
        await EndAsync(process, either.Token);
        ProcessTree.Kill();
        await copying;
        cancellationToken.ThrowIfCancellationRequested();
        var error = limit.IsCancellationRequested
            ? $"ran longer than its timeout of {request.Timeout!.Value.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s; raise 'timeout' or make it faster"
            : ErrorOf(process.ExitCode);
        return new CommandOutcome(process.ExitCode, error is not null && log.Error is { } lost ? $"{error}; not all of its output could be logged: {lost}" : error, started, time.GetUtcNow());
    }

    private async Task EndAsync(Process process, CancellationToken cancellationToken)
    {
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            ProcessTree.Signal(Native.SigTerm);
            using var patience = new CancellationTokenSource(Grace, time);
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                ProcessTree.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private static ProcessStartInfo StartOf(CommandRequest request)
    {
        var start = new ProcessStartInfo(request.Argv[0], request.Argv.Skip(1))
        {
            WorkingDirectory = request.WorkFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(PodVariables.IsOfThePod).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in request.Variables)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static string? ErrorOf(int exitCode) => exitCode switch
    {
        0 => null,
        127 => "exit status 127: a command was not found",
        128 + Native.SigKill => "killed by SIGKILL (9); perhaps the pod ran out of memory",
        > 128 and < 160 => $"killed by signal {exitCode - 128}",
        _ => string.Create(CultureInfo.InvariantCulture, $"exit status {exitCode}"),
    };
}
