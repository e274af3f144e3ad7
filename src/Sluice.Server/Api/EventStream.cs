using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Client;

namespace Sluice.Server.Api;

/// <summary>Server-sent events of a run, with a comment now and then so that no proxy takes a quiet run for a dead one.</summary>
/// <param name="events">The events.</param>
/// <param name="stopping">The service stops: the answer ends in order, and its reader may come back for the rest.</param>
internal sealed class EventStream(IAsyncEnumerable<RunEventView> events, CancellationToken stopping) : IResult
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        await response.Body.FlushAsync(httpContext.RequestAborted);
        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        var happened = events.GetAsyncEnumerator(stop.Token);
        var next = Task.FromResult(true);
        try
        {
            for (next = happened.MoveNextAsync().AsTask(); await WaitAsync(next, response, stop.Token); next = happened.MoveNextAsync().AsTask())
            {
                await WriteAsync(response, happened.Current, httpContext.RequestAborted);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Without an event `end` the run goes on, after the next start.
        }
        finally
        {
            // A client that goes away: an enumerator must not be disposed while it moves.
            await stop.CancelAsync();
            await Task.WhenAny(next);
            await happened.DisposeAsync();
        }
    }

    private static async Task<bool> WaitAsync(Task<bool> next, HttpResponse response, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await next.WaitAsync(Heartbeat, cancellationToken);
            }
            catch (TimeoutException)
            {
                await response.WriteAsync(": still there\n\n", response.HttpContext.RequestAborted);
                await response.Body.FlushAsync(response.HttpContext.RequestAborted);
            }
        }
    }

    private static async Task WriteAsync(HttpResponse response, RunEventView happened, CancellationToken cancellationToken)
    {
        var data = happened.Task is { } task
            ? JsonSerializer.Serialize(task, ClientJson.Default.TaskView)
            : JsonSerializer.Serialize(happened.Run!, ClientJson.Default.RunView);
        await response.WriteAsync($"id: {happened.Id}\nevent: {happened.Type}\ndata: {data}\n\n", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
