using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;
using Sluice.Core;
using Sluice.Core.Running;

namespace Sluice.Adapters.Containers;

/// <summary>The Docker API, as far as it is needed; every call has a connection of its own, so that they do not run out.</summary>
internal sealed class ContainerApi : IDisposable
{
    // Docker itself waits so long for the end of what it removes.
    private static readonly TimeSpan RemovalTime = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RemovalPause = TimeSpan.FromMilliseconds(100);

    // Of calls that are answered at once where the machine has time.
    private static readonly TimeSpan CallTimeout = TimeSpan.FromMinutes(5);

    private readonly Uri _host;
    private readonly TimeProvider _time;
    private readonly TimeSpan _callTimeout;
    private readonly DockerClientConfiguration _configuration;
    private readonly DockerClient _client;

    /// <summary>Connects with the first call.</summary>
    public ContainerApi(Uri host, TimeProvider time, TimeSpan? callTimeout = null)
    {
        (_host, _time, _callTimeout) = (host, time, callTimeout ?? CallTimeout);
        _configuration = new DockerClientConfiguration(host, defaultTimeout: _callTimeout);
        _client = _configuration.CreateClient();
    }

    /// <summary>What it does with users.</summary>
    public async Task<EngineKind> KindAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(() => EngineKind.AskAsync(_host, _callTimeout, cancellationToken), cancellationToken);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new SluiceException(FaultKind.BadGateway, "engine-answer", $"What answers at {_host} is no container engine.", exception);
        }
    }

    /// <summary>Makes a container.</summary>
    /// <returns>Its id; null where the image is not there.</returns>
    public async Task<string?> CreateAsync(CreateContainerParameters parameters, CancellationToken cancellationToken)
    {
        try
        {
            return (await CallAsync(() => _client.Containers.CreateContainerAsync(parameters, cancellationToken), cancellationToken)).ID;
        }
        catch (DockerApiException exception) when (exception is DockerImageNotFoundException or { StatusCode: HttpStatusCode.NotFound })
        {
            return null;
        }
    }

    /// <summary>Both outputs, from the start.</summary>
    public Task<MultiplexedStream> AttachAsync(string container, CancellationToken cancellationToken) => CallAsync(() => _client.Containers.AttachContainerAsync(
        container, tty: false, new ContainerAttachParameters { Stream = true, Stdout = true, Stderr = true }, cancellationToken), cancellationToken);

    /// <summary>Starts a container.</summary>
    /// <exception cref="DockerApiException">It cannot be started, as the message says.</exception>
    public Task StartAsync(string container, CancellationToken cancellationToken) =>
        CallAsync(() => _client.Containers.StartContainerAsync(container, new ContainerStartParameters(), cancellationToken), cancellationToken);

    /// <summary>How it is, or how it ended.</summary>
    public async Task<ContainerState> StateAsync(string container, CancellationToken cancellationToken) =>
        (await CallAsync(() => _client.Containers.InspectContainerAsync(container, cancellationToken), cancellationToken)).State;

    /// <summary>Sends a signal; one that has ended takes none.</summary>
    public async Task SignalAsync(string container, string signal, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync(async () =>
            {
                await _client.Containers.KillContainerAsync(container, new ContainerKillParameters { Signal = signal }, cancellationToken);
                return true;
            }, cancellationToken);
        }
        catch (DockerApiException)
        {
            // Engines answer 409, 404 or 500 for one that has ended in between; if it has not, the next signal or the removal ends it.
        }
    }

    /// <summary>Ends and removes a container with what its image made of volumes.</summary>
    /// <exception cref="SluiceException">It is still there.</exception>
    public async Task RemoveAsync(string container, CancellationToken cancellationToken)
    {
        for (var began = _time.GetTimestamp(); ; await Task.Delay(RemovalPause, _time, cancellationToken))
        {
            try
            {
                await CallAsync(async () =>
                {
                    await _client.Containers.RemoveContainerAsync(container, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, cancellationToken);
                    return true;
                }, cancellationToken);
                return;
            }
            catch (DockerApiException exception) when (exception is DockerContainerNotFoundException or { StatusCode: HttpStatusCode.NotFound })
            {
                // Somebody else was faster.
                return;
            }
            catch (DockerApiException exception) when (exception.StatusCode == HttpStatusCode.Conflict && _time.GetElapsedTime(began) < RemovalTime)
            {
                // Somebody else removes it, such as the Docker that a service has asked before it was killed: until it is gone, it may write.
            }
            catch (DockerApiException exception)
            {
                throw Refused("remove a container", exception);
            }
        }
    }

    /// <summary>All containers with a label, also those that have ended.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(string label, string value, CancellationToken cancellationToken)
    {
        var filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [$"{label}={value}"] = true } };
        var found = await CallAsync(() => _client.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = filters }, cancellationToken), cancellationToken);
        return [.. found.Select(container => container.ID)];
    }

    /// <summary>Pulls an image.</summary>
    /// <param name="image">By digest or tag.</param>
    /// <param name="credential">Who asks its registry; null is anybody, or whom the engine knows itself.</param>
    /// <param name="progress">Told of every step, and of the error that ends it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task PullAsync(string image, ImageCredential? credential, IProgress<JSONMessage> progress, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        await _client.Images.CreateImageAsync(new ImagesCreateParameters { FromImage = image }, AuthOf(credential), progress, cancellationToken);
        return true;
    }, cancellationToken);

    /// <summary>What an engine says in the body of its error.</summary>
    public static string WordsOf(DockerApiException exception)
    {
        try
        {
            using var body = JsonDocument.Parse(exception.ResponseBody ?? "");
            return body.RootElement.TryGetProperty("message", out var message) && message.GetString() is { Length: > 0 } text ? text : exception.Message;
        }
        catch (JsonException)
        {
            return exception.Message;
        }
    }

    /// <summary>An answer that nothing can be done about here.</summary>
    public SluiceException Refused(string what, DockerApiException exception) => new(
        FaultKind.BadGateway, "engine-answer", $"The container engine at {_host} cannot {what}: {WordsOf(exception)}", exception);

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _configuration.Dispose();
    }

    private static AuthConfig AuthOf(ImageCredential? credential) =>
        credential is null ? new AuthConfig()
        : credential.IsIdentityToken ? new AuthConfig { ServerAddress = credential.Server, IdentityToken = credential.Secret }
        : new AuthConfig { ServerAddress = credential.Server, Username = credential.User, Password = credential.Secret };

    private async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unavailable($"nothing came within {_callTimeout.TotalSeconds:0} s", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException or IOException or TimeoutException)
        {
            var why = (exception.InnerException as SocketException ?? exception as SocketException)?.SocketErrorCode switch
            {
                SocketError.AccessDenied => "this user may not use its socket; let it, for example by its group",
                SocketError.ConnectionRefused => "nobody listens there; start it",
                SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported => "there is no such socket; start it, or name it with SLUICE_CONTAINER__HOST",
                _ when _host.Scheme == "unix" && !File.Exists(_host.LocalPath) => "there is no such socket; start it, or name it with SLUICE_CONTAINER__HOST",
                _ => exception.Message,
            };
            throw Unavailable(why, exception);
        }
    }

    private SluiceException Unavailable(string why, Exception exception) => new(
        FaultKind.Unavailable, "engine-unavailable", $"The container engine at {_host} does not answer: {why}.", exception);
}
