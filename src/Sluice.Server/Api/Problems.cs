using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sluice.Client;
using Sluice.Core;
using Sluice.Server.Application;

namespace Sluice.Server.Api;

/// <summary>The one place where errors become answers: RFC 9457, with a stable type.</summary>
internal sealed partial class Problems(ILogger<Problems> logger) : IExceptionHandler
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
            context.Response.StatusCode = 499;
            return true;
        }

        await WriteAsync(context, ProblemOf(exception), cancellationToken);
        return true;
    }

    /// <summary>Writes a problem.</summary>
    public static Task WriteAsync(HttpContext context, ProblemView problem, CancellationToken cancellationToken)
    {
        context.Response.StatusCode = problem.Status;
        return context.Response.WriteAsJsonAsync(
            problem, ClientJson.Default.ProblemView, contentType: "application/problem+json", cancellationToken);
    }

    /// <summary>A problem of the request itself.</summary>
    public static ProblemView Of(int status, string code, string title, string detail) => new()
    {
        Type = Views.ProblemType(code),
        Title = title,
        Status = status,
        Detail = detail,
    };

    private ProblemView ProblemOf(Exception exception)
    {
        switch (exception)
        {
            case SluiceException known:
                return Views.Of(known);
            case BadHttpRequestException { StatusCode: 413 }:
                return Of(413, "request-too-large", "The request is too large", "The body of a request is at most 1 MiB.");
            case BadHttpRequestException bad:
                return Of(bad.StatusCode, "bad-request", "The request is not right", "The request could not be read.");
            case JsonException:
                return Of(400, "not-json", "The request is not right", "The body is not JSON.");
            default:
                LogDefect(exception);
                return Of(500, "internal-error", "A defect of the service", "The service's log has the details.");
        }
    }

    [LoggerMessage(LogLevel.Error, "A request failed through a defect")]
    private partial void LogDefect(Exception exception);
}
