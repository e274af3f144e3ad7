using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Net.Http.Headers;
using Sluice.Client;
using Sluice.Core;
using Sluice.Server.Application;

namespace Sluice.Server.Api;

/// <summary>What looks at runs (contract, section 2).</summary>
internal static class RunEndpoints
{
    /// <summary>Adds the endpoints.</summary>
    public static void MapRuns(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("Runs");
        api.MapGet("/jobs/{job}/runs", (string job, int? limit, string? cursor, SluiceService sluice, CancellationToken token) => sluice.ListRunsAsync(job, limit, cursor, token));
        api.MapGet("/runs", (int? limit, string? cursor, SluiceService sluice, CancellationToken token) => sluice.ListRunsAsync(null, limit, cursor, token));
        var run = api.MapGroup("/runs/{id}");
        run.MapGet("", (string id, SluiceService sluice, CancellationToken token) => sluice.GetRunAsync(id, token)).WithName("GetRun");
        run.MapGet("/tasks", (string id, string? state, int? limit, string? cursor, SluiceService sluice, CancellationToken token) => sluice.ListTasksAsync(id, state, limit, cursor, token));
        run.MapGet("/why", (string id, string? task, string? against, SluiceService sluice, CancellationToken token) => sluice.WhyAsync(id, task, against, token));
        run.MapPost("/cancel", CancelAsync);
        run.MapGet("/events", EventsAsync).Produces(200, contentType: "text/event-stream");
        run.MapGet("/graph", GraphAsync).Produces<GraphView>();
        run.MapGet("/log", LogAsync).Produces(200, contentType: "text/plain");
        run.MapGet("/manifest", async (string id, SluiceService sluice, CancellationToken token) => Results.Text(await sluice.ManifestAsync(id, token), "application/yaml")).Produces(200, contentType: "application/yaml");
    }

    // 202, not 200: the wish is recorded here, and carried out by the engine. Without a body it needs no Content-Type: what a foreign page sends
    // has an Origin, which the guard refuses.
    private static async Task<IResult> CancelAsync(string id, HttpContext context, SluiceService sluice, CancellationToken cancellationToken)
    {
        if (context.Request.ContentType is not null)
        {
            JsonBody.CheckType(context.Request);
        }

        await sluice.CancelAsync(id, cancellationToken);
        return Results.Accepted($"/api/v1/runs/{id}", await sluice.GetRunAsync(id, cancellationToken));
    }

    private static async Task<IResult> EventsAsync(
        string id,
        long? after,
        [FromHeader(Name = "Last-Event-ID")] string? last,
        SluiceService sluice,
        IHostApplicationLifetime lifetime,
        CancellationToken cancellationToken)
    {
        // Asked for first: an unknown run is a 404, not an empty stream.
        await sluice.GetRunAsync(id, cancellationToken);
        var from = long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : after ?? 0;
        return new EventStream(sluice.EventsAsync(id, from, cancellationToken), lifetime.ApplicationStopping);
    }

    private static async Task<IResult> GraphAsync(string id, HttpContext context, SluiceService sluice, CancellationToken cancellationToken)
    {
        var graph = await sluice.GraphAsync(id, cancellationToken);
        var tag = new EntityTagHeaderValue($"\"{graph.Digest}\"");
        context.Response.GetTypedHeaders().ETag = tag;
        return context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false))
            ? Results.StatusCode(304)
            : Results.Ok(graph);
    }

    private static async Task<IResult> LogAsync(
        string id, string? task, bool? follow, HttpContext context, SluiceService sluice, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(task))
        {
            throw new SluiceException(FaultKind.BadRequest, "bad-request", "task is missing: say whose log.");
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var log = await sluice.LogAsync(id, task, follow ?? false, stop.Token);
        context.Response.Headers.ContentSecurityPolicy = "sandbox";
        return follow == true ? new LogStream(log, lifetime.ApplicationStopping) : Results.Stream(log, "text/plain; charset=utf-8");
    }
}
