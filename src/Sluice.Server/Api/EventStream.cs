using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Client;

namespace Sluice.Server.Api;

/// <summary>Server-sent events of a run, with a comment now and then so that no proxy takes a quiet run for a dead one.</summary>
internal sealed class EventStream(IAsyncEnumerable<RunEventView> events) : IResult
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        await response.Body.FlushAsync(httpContext.RequestAborted);
        await using var happened = events.GetAsyncEnumerator(httpContext.RequestAborted);
        while (true)
        {
            var next = happened.MoveNextAsync().AsTask();
            while (await Task.WhenAny(next, Task.Delay(Heartbeat, httpContext.RequestAborted)) != next)
            {
                await response.WriteAsync(": still there\n\n", httpContext.RequestAborted);
                await response.Body.FlushAsync(httpContext.RequestAborted);
            }

            if (!await next)
            {
                return;
            }

            await WriteAsync(response, happened.Current, httpContext.RequestAborted);
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
