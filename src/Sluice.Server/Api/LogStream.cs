using Microsoft.AspNetCore.Http;

namespace Sluice.Server.Api;

/// <summary>A log that is sent while it grows.</summary>
/// <param name="log">The log, which is closed here.</param>
/// <param name="stopping">The service stops: the answer ends in order.</param>
internal sealed class LogStream(Stream log, CancellationToken stopping) : IResult
{
    private const int BufferBytes = 16 * 1024;

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using (log)
        {
            var response = httpContext.Response;
            response.ContentType = "text/plain; charset=utf-8";
            response.Headers.CacheControl = "no-store";

            // A task may say nothing for hours: the reader is told at once that its log is being followed.
            await response.Body.FlushAsync(httpContext.RequestAborted);
            if (!HttpMethods.IsHead(httpContext.Request.Method))
            {
                await CopyAsync(response);
            }
        }
    }

    private async Task CopyAsync(HttpResponse response)
    {
        var left = response.HttpContext.RequestAborted;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(left, stopping);
        var buffer = new byte[BufferBytes];
        try
        {
            for (int read; (read = await log.ReadAsync(buffer, stop.Token)) > 0;)
            {
                await response.Body.WriteAsync(buffer.AsMemory(0, read), left);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What comes after the next start is another attempt's log.
        }
    }
}
