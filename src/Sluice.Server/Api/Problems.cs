using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sluice.Client;
using Sluice.Core;
using Sluice.Server.Application;

namespace Sluice.Server.Api;

/// <summary>The one place where errors become answers: RFC 9457, with a stable type.</summary>
internal sealed partial class Problems(IHostApplicationLifetime lifetime, ILogger<Problems> logger) : IExceptionHandler
{
    private const string Wrong = "The request is not right";
    private const string Outside = "Something outside did not answer";

    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
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
        context.Response.Headers.XContentTypeOptions = "nosniff";
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

    /// <summary>The problem of an answer that the framework gave without saying why.</summary>
    public static ProblemView Of(int status) => status switch
    {
        404 => Of(404, "no-such-address", "There is nothing of that name", "The service has no such address; see /openapi/v1.json."),
        405 => Of(405, "wrong-method", Wrong, "That address does not take this method."),
        415 => Of(415, "not-json", Wrong, "Requests need Content-Type: application/json."),
        _ => Of(status, "bad-request", Wrong, "The request could not be read."),
    };

    private ProblemView ProblemOf(Exception exception)
    {
        switch (exception)
        {
            case InvalidRequestException invalid:
                return Views.Of(invalid) with { Errors = invalid.Mistakes };
            case SluiceException known:
                return Views.Of(known);
            case BadHttpRequestException bad:
                return ProblemOf(bad);
            case OperationCanceledException when lifetime.ApplicationStopping.IsCancellationRequested:
                return Of(503, "stopping", Outside, "The service is stopping; ask again when it is back.");
            case OperationCanceledException:
                return Of(503, "timed-out", Outside, "Something that the service waited for did not answer in time; try again.");
            case IOException disk:
                LogStorage(disk);
                return Of(503, "storage-unavailable", Outside, $"The state folder or the store could not be used: {disk.Message}");
            default:
                LogDefect(exception);
                return Of(500, "internal-error", "A defect of the service", "The service's log has the details.");
        }
    }

    private static ProblemView ProblemOf(BadHttpRequestException exception) => exception.StatusCode switch
    {
        413 => Of(413, "request-too-large", "The request is too large", "The body of a request is at most 1 MiB."),
        415 => Of(415, "not-json", Wrong, exception.Message),
        var status => Of(status, "bad-request", Wrong, DetailOf(exception)),
    };

    private static string DetailOf(BadHttpRequestException exception)
    {
        var parameter = UnreadParameter().Match(exception.Message);
        var words = parameter.Groups["type"].Value.Contains("bool", StringComparison.OrdinalIgnoreCase) ? "true or false" : "a whole number";
        return parameter.Success ? $"{parameter.Groups["name"].Value} is {words}." : "The request could not be read.";
    }

    // The framework says which parameter it could not read in its message only: Failed to bind parameter "int? limit" from "abc".
    [GeneratedRegex("^Failed to bind parameter \"(?<type>\\S+) (?<name>\\w+)\" from ")]
    private static partial Regex UnreadParameter();

    [LoggerMessage(LogLevel.Error, "The state folder or the store could not be used")]
    private partial void LogStorage(Exception exception);

    [LoggerMessage(LogLevel.Error, "A request failed through a defect")]
    private partial void LogDefect(Exception exception);
}
