using System.Collections.Concurrent;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;
using Sluice.Core;
using Sluice.Core.Running;

namespace Sluice.Adapters.Containers;

/// <summary>Pulls images that are not there, each once at a time, and those that are built for the commit once in a run.</summary>
internal sealed partial class ContainerImages(
    ContainerApi api, ContainerOptions options, IImageCredentials credentials, TimeProvider time, ILogger logger) : IDisposable
{
    // What registries and engines say when it is the job that is wrong: nobody may have the image,
    private static readonly string[] NoRights = ["denied", "unauthorized", "authentication required", "no basic auth credentials"];

    // there is no such one, which may still come; of a whole repository that is not there Docker Hub says both,
    private static readonly string[] NotThere = ["manifest unknown", "name unknown", "not found", "no such image", "does not exist"];

    // or it is none for this machine, or never will be.
    private static readonly string[] NotForUs = ["invalid reference", "no matching manifest", "no image found in"];

    private const string LogIn = "or log in: SLUICE_IMAGES__CONFIG says where credentials are kept";

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    // A registry that does not answer keeps nobody for long from what is here.
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new();
    private readonly ConcurrentDictionary<string, (RunId? Run, Lazy<Task> Look)> _looks = new();

    /// <summary>
    /// Looks once in a run whether an image that is built for the commit was pushed again, since its name says nothing of it. Where nobody says so, the
    /// one that is here runs.
    /// </summary>
    public Task LookAgainAsync(CommandRequest request, CommandLog log, CancellationToken cancellationToken)
    {
        if (!request.AwaitsImage || !options.Pulls)
        {
            return Task.CompletedTask;
        }

        var look = (request.Run, new Lazy<Task>(() => LookAsync(request, log)));
        return _looks.AddOrUpdate(request.Image!, look, (_, known) => known.Run == request.Run ? known : look).Look.Value.WaitAsync(cancellationToken);
    }

    /// <summary>Pulls the image of a command, and waits for one that is still being built.</summary>
    /// <returns>Why it cannot be had; null where it is there now.</returns>
    /// <exception cref="SluiceException">Its registry did not answer.</exception>
    public async Task<string?> PullAsync(CommandRequest request, CommandLog log, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            if (await PullOnceAsync(request, log, cancellationToken) is not { } refused)
            {
                return null;
            }

            if (!request.AwaitsImage || !options.Pulls || !Says(refused, NotThere))
            {
                return refused;
            }

            if (time.GetElapsedTime(began) >= options.ImageWait)
            {
                return $"{refused}; it was waited for {options.ImageWait.TotalSeconds:0} s (SLUICE_IMAGES__WAIT)";
            }

            log.Append(System.Text.Encoding.UTF8.GetBytes($"[sluice] waiting for the image {request.Image}, which is not there yet\n"));
            var pause = Task.Delay(TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, options.ImageWait.Ticks / 10)), time, cancellationToken);
            await (request.OnWait?.Invoke($"the image {request.Image} is not there yet; it is waited for, {options.ImageWait.TotalSeconds:0} s at most", pause) ?? pause);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var turn in _turns.Values)
        {
            turn.Dispose();
        }
    }

    private async Task LookAsync(CommandRequest request, CommandLog log)
    {
        using var limit = new CancellationTokenSource(LongestLook, time);
        try
        {
            if (await PullOnceAsync(request, log, limit.Token) is { } refused)
            {
                LogNotLooked(request.Image, refused);
            }
        }
        catch (Exception exception) when (exception is SluiceException or OperationCanceledException)
        {
            LogNotLooked(request.Image, exception.Message);
        }
    }

    private async Task<string?> PullOnceAsync(CommandRequest request, CommandLog log, CancellationToken cancellationToken)
    {
        var image = request.Image!;
        if (!options.Pulls)
        {
            return $"its image '{image}' is not on this machine, and none is pulled here (SLUICE_CONTAINER__PULL)";
        }

        var turn = _turns.GetOrAdd(image, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            LogPull(image, request.Task?.Value);
            var credential = await credentials.FindAsync(image, cancellationToken);
            return await ErrorOfPullAsync(image, credential, log, cancellationToken) is { } error ? Refused(request, error, credential is not null) : null;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<string?> ErrorOfPullAsync(string image, ImageCredential? credential, CommandLog log, CancellationToken cancellationToken)
    {
        var progress = new PullProgress(image, log, time);
        try
        {
            await api.PullAsync(image, credential, progress, cancellationToken);
            return progress.Error;
        }
        catch (DockerApiException exception)
        {
            return ContainerApi.WordsOf(exception);
        }
    }

    private static string Refused(CommandRequest request, string why, bool hasCredential)
    {
        var problem = $"its image '{request.Image}' cannot be pulled: {why}";
        return Says(why, NoRights) ? $"{problem}; look at the name, {(hasCredential ? "and log in with an account that may read it" : LogIn)}"
            : Says(why, NotThere) || Says(why, NotForUs) ? problem
            : throw new SluiceException(FaultKind.BadGateway, "image-not-pulled", $"Task '{request.Task}': {problem}");
    }

    private static bool Says(string text, params string[] words) => words.Any(it => text.Contains(it, StringComparison.OrdinalIgnoreCase));

    [LoggerMessage(LogLevel.Information, "Whether the image {Image} was pushed again is not known: {Why}")]
    private partial void LogNotLooked(string? image, string why);

    [LoggerMessage(LogLevel.Information, "Pulling the image {Image} for task {Task}")]
    private partial void LogPull(string image, string? task);

    /// <summary>Writes to the task's log how far it is, now and then; called on the reading thread, in order.</summary>
    private sealed class PullProgress(string image, CommandLog log, TimeProvider time) : IProgress<JSONMessage>
    {
        private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

        private readonly Dictionary<string, (long Done, long All)> _layers = [];
        private DateTimeOffset _next = time.GetUtcNow();

        public string? Error { get; private set; }

        public void Report(JSONMessage value)
        {
            Error ??= value.Error?.Message ?? value.ErrorMessage;
            if (value is { ID: { } layer, Progress: { Total: > 0 } size })
            {
                _layers[layer] = (size.Current, size.Total);
            }

            if (time.GetUtcNow() is var now && now >= _next)
            {
                _next = now + Pause;
                var (done, all) = (_layers.Values.Sum(it => it.Done), _layers.Values.Sum(it => it.All));
                var far = all > 0 ? $", {done / 1_000_000} of {all / 1_000_000} MB" : "";
                log.Append(System.Text.Encoding.UTF8.GetBytes($"[sluice] pulling {image}{far}\n"));
            }
        }
    }
}
