using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Net.Http.Headers;
using Sluice.Client;
using Sluice.Core;
using Sluice.Server.Access;
using Sluice.Server.Application;

namespace Sluice.Server.Api;

/// <summary>What looks at runs (contract, section 2).</summary>
internal static class RunEndpoints
{
    /// <summary>Adds the endpoints.</summary>
    public static void MapRuns(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("Runs").MayFail(400, 403, 503);
        api.MapGet("/jobs/{job}/runs", (string job, int? limit, string? cursor, SluiceService sluice, CancellationToken token) => sluice.ListRunsAsync(job, limit, cursor, token))
            .Says("ListRunsOfJob", "The runs of a job, newest first").MayFail(404);
        api.MapGet("/runs", (int? limit, string? cursor, SluiceService sluice, CancellationToken token) => sluice.ListRunsAsync(null, limit, cursor, token))
            .Says("ListRuns", "The runs of all jobs, newest first");
        var run = api.MapGroup("/runs/{id}").MayFail(404);
        run.MapGet("", (string id, SluiceService sluice, CancellationToken token) => sluice.GetRunAsync(id, token))
            .Says("GetRun", "A run with its tasks");
        run.MapGet("/tasks", (string id, string? state, int? limit, string? cursor, SluiceService sluice, CancellationToken token) => sluice.ListTasksAsync(id, state, limit, cursor, token))
            .Says("ListTasks", "The tasks of a run, unchanged ones included");
        run.MapGet("/why", (string id, string? task, string? against, SluiceService sluice, CancellationToken token) => sluice.WhyAsync(id, task, against, token))
            .Says("ExplainRun", "Why tasks ran: root causes, and for one task the fields that differ").MayFail(422);
        run.MapPost("/cancel", CancelAsync).Says("CancelRun", "Stop a run").Produces<RunView>(202).MayFail(415).RequireAuthorization(Roles.Run);
        run.MapGet("/events", EventsAsync).Says("FollowRun", "Server-sent events of a run, from the past and as they come")
            .Produces<string>(200, "text/event-stream");
        run.MapGet("/graph", GraphAsync).Says("GetGraph", "Every task of the job with its edges and files")
            .Produces<GraphView>().Produces(304).MayFail(422);
        run.MapGet("/log", LogAsync).Says("GetLog", "What a task printed; with follow, as it prints it").Produces<string>(200, "text/plain");
        run.MapGet("/manifest", ManifestAsync).Says("GetManifest", "The Argo Workflow for what the run had to do")
            .Produces<string>(200, "application/yaml").MayFail(422);
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

    private static async Task<IResult> ManifestAsync(string id, SluiceService sluice, CancellationToken cancellationToken) =>
        Results.Text(await sluice.ManifestAsync(id, cancellationToken), "application/yaml");
}
