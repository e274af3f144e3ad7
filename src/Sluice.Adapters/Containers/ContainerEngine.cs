using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;
using Sluice.Core;
using Sluice.Core.Running;

namespace Sluice.Adapters.Containers;

/// <summary>Runs every command in a container of its own. See docs/design/containers.md.</summary>
internal sealed partial class ContainerEngine : ICommandEngine, IDisposable
{
    // An engine knows of an end a little after the output has ended.
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan LastLook = TimeSpan.FromMilliseconds(250);

    private readonly ContainerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ContainerApi _api;
    private readonly ContainerUsers _users;
    private readonly ContainerImages _images;
    private readonly ConcurrentDictionary<string, string> _left = [];
    private volatile bool _hasInit = true;

    /// <summary>Nothing is asked of the container engine before its first use.</summary>
    public ContainerEngine(ContainerOptions options, IImageCredentials credentials, TimeProvider time, ILogger logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        _api = new ContainerApi(options.Host, time);
        _users = new ContainerUsers(_api, options);
        _images = new ContainerImages(_api, options, credentials, time, logger);
    }

    /// <inheritdoc/>
    public string Name => "container";

    /// <inheritdoc/>
    public string Environment { get; } = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "linux/arm64" : "linux/amd64";

    /// <inheritdoc/>
    public bool UsesImages => true;

    /// <inheritdoc/>
    public bool HasNetwork => _options.Network is not null;

    /// <inheritdoc/>
    public string? FolderSeenAs => ContainerSpec.Folder;

    /// <inheritdoc/>
    public async Task<CommandOutcome> RunAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var folder = request.Folder ?? request.WorkFolder;
        await RemoveLeftAsync(folder);
        using var log = new CommandLog(request.LogPath, request.MaxLogBytes);
        var user = await _users.FindAsync(cancellationToken);
        await _images.LookAgainAsync(request, log, cancellationToken);
        var (container, error) = await CreateAsync(request, user, log, cancellationToken);
        if (container is null)
        {
            var now = _time.GetUtcNow();
            return new CommandEnd { Error = error }.ToOutcome(request, isTooLong: false, now, now);
        }

        await _users.HandOverAsync(folder);
        try
        {
            return await RunAsync(container, request, log, cancellationToken);
        }
        finally
        {
            await RemoveAsync(container, folder);
            await _users.TakeBackAsync(folder);
        }
    }

    /// <summary>Removes the containers that a crash of this state folder's owner has left.</summary>
    public async Task RemoveLeftoversAsync(CancellationToken cancellationToken)
    {
        foreach (var container in await _api.FindAsync(ContainerSpec.StateLabel, _options.State, cancellationToken))
        {
            LogLeftover(container);
            await _api.RemoveAsync(container, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _images.Dispose();
        _users.Dispose();
        _api.Dispose();
    }

    // Not cancelled in the middle: whose id nobody knows, nobody removes.
    private async Task<(string? Container, string? Error)> CreateAsync(
        CommandRequest request, ContainerUser user, CommandLog log, CancellationToken cancellationToken)
    {
        for (var isPulled = false; ;)
        {
            try
            {
                if (await _api.CreateAsync(ContainerSpec.Of(request, _options, user, _hasInit), CancellationToken.None) is { } container)
                {
                    return (container, null);
                }
            }
            catch (DockerApiException exception) when (_hasInit && ContainerEnds.HasNoInit(ContainerApi.WordsOf(exception)))
            {
                LeaveInit(exception);
                continue;
            }
            catch (DockerApiException exception)
            {
                // A limit that the machine does not have, a name that is none: it is for the job to change.
                return (null, $"its container cannot be made: {ContainerApi.WordsOf(exception)}");
            }

            if (isPulled)
            {
                return (null, $"its image '{request.Image}' was pulled and is not there");
            }

            if (await _images.PullAsync(request, log, cancellationToken) is { } refused)
            {
                return (null, refused);
            }

            isPulled = true;
        }
    }

    private void LeaveInit(DockerApiException exception)
    {
        if (_hasInit)
        {
            _hasInit = false;
            LogNoInit(ContainerApi.WordsOf(exception));
        }
    }

    private async Task<CommandOutcome> RunAsync(string container, CommandRequest request, CommandLog log, CancellationToken cancellationToken)
    {
        using var stream = await AttachAsync(container, cancellationToken);
        var started = _time.GetUtcNow();
        try
        {
            await _api.StartAsync(container, CancellationToken.None);
        }
        catch (DockerApiException exception) when (ContainerEnds.HasNoInit(ContainerApi.WordsOf(exception)))
        {
            LeaveInit(exception);
            throw new EngineFailedException("The container engine has no first process of its own for a container, and this one was made with it.");
        }
        catch (DockerApiException exception)
        {
            return ContainerEnds.NotStarted(request, ContainerApi.WordsOf(exception)) is { } error
                ? new CommandEnd { Error = error }.ToOutcome(request, isTooLong: false, started, _time.GetUtcNow())
                : throw _api.Refused("start a container", exception);
        }

        using var limit = new CancellationTokenSource(request.Timeout ?? Timeout.InfiniteTimeSpan, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var output = new ContainerOutput(stream, log);
        var ending = EndAsync(container, output);
        var state = await EndInTimeAsync(container, ending, either.Token);
        cancellationToken.ThrowIfCancellationRequested();
        return ContainerEnds.Of(request, state, output.First, ContainerSpec.MemoryOf(request, _options) is not null, log.Error)
            .ToOutcome(request, isTooLong: limit.IsCancellationRequested, started, _time.GetUtcNow());
    }

    // Before the start, so that nothing of the output is missed.
    private async Task<MultiplexedStream> AttachAsync(string container, CancellationToken cancellationToken)
    {
        try
        {
            return await _api.AttachAsync(container, cancellationToken);
        }
        catch (DockerApiException exception)
        {
            throw _api.Refused("attach to a container", exception);
        }
    }

    // Not by the engine's own way of waiting: Podman's looks every quarter of a second.
    private async Task<ContainerState> EndAsync(string container, ContainerOutput output)
    {
        await output.CopyAsync();
        for (var pause = FirstLook; ; pause = pause < LastLook ? pause * 2 : LastLook)
        {
            try
            {
                if (await _api.StateAsync(container, CancellationToken.None) is { Running: false } ended)
                {
                    return ended;
                }
            }
            catch (DockerApiException exception)
            {
                throw _api.Refused("say how a container is", exception);
            }

            await Task.Delay(pause, _time, CancellationToken.None);
        }
    }

    private async Task<ContainerState> EndInTimeAsync(string container, Task<ContainerState> ending, CancellationToken stop)
    {
        try
        {
            return await ending.WaitAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await _api.SignalAsync(container, "SIGTERM", CancellationToken.None);
        }

        try
        {
            return await ending.WaitAsync(_options.Grace, _time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            await _api.SignalAsync(container, "SIGKILL", CancellationToken.None);
            return await ending;
        }
    }

    // What cannot be removed now is before its folder is used again.
    private async Task RemoveAsync(string container, string folder)
    {
        try
        {
            await _api.RemoveAsync(container, CancellationToken.None);
        }
        catch (SluiceException exception)
        {
            LogNotRemoved(exception, container);
            _left[folder] = container;
        }
    }

    // Until now it may have written to what has been staged for this command.
    private async Task RemoveLeftAsync(string folder)
    {
        if (_left.TryGetValue(folder, out var container))
        {
            await _api.RemoveAsync(container, CancellationToken.None);
            _left.TryRemove(folder, out _);
            throw new EngineFailedException($"The container {container} was still there while the folder of this command was prepared.");
        }
    }

    [LoggerMessage(LogLevel.Warning, "Removing the container {Container}, which a crash has left")]
    private partial void LogLeftover(string container);

    [LoggerMessage(LogLevel.Warning, "The container {Container} cannot be removed; that is tried again before its folder is used")]
    private partial void LogNotRemoved(Exception exception, string container);

    [LoggerMessage(LogLevel.Warning, "Commands are the first process of their containers, so that one without a handler of its own does not heed SIGTERM: {Words}")]
    private partial void LogNoInit(string words);
}
