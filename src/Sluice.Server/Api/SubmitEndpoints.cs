using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Sluice.Client;
using Sluice.Core;
using Sluice.Server.Access;
using Sluice.Server.Application;

namespace Sluice.Server.Api;

/// <summary>What asks for runs: <c>POST /run</c> and its like (contract, section 2).</summary>
internal static class SubmitEndpoints
{
    /// <summary>Adds the endpoints.</summary>
    public static void MapSubmissions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Runs").RequireAuthorization(Roles.Run);
        group.MapPost("/run", RunAsync).Accepts<RunRequest>("application/json")
            .Says("SubmitRun", "Run what a commit affects, and store the results under it")
            .Produces<RunView>().Produces<RunView>(201).Produces<RunView>(202).MayFail(400, 403, 409, 413, 415, 422, 502, 503);
        group.MapPost("/sync", SyncAsync).Accepts<RunRequest>("application/json")
            .Says("Sync", "Do what /run does, and look again at images that were built for the commit")
            .Produces<RunView>().Produces<RunView>(201).Produces<RunView>(202).MayFail(400, 403, 409, 413, 415, 422, 502, 503);
        group.MapPost("/hooks/github", Later).Says("ReceivePush", "Reserved: a push webhook").MayFail(400, 403, 501);
        group.MapPost("/api/v1/plan", PlanAsync).Accepts<RunRequest>("application/json")
            .Says("Plan", "Say what a run would do, without doing it")
            .Produces<PlanView>().MayFail(400, 403, 409, 413, 415, 422, 502, 503);
    }

    private static Task<IResult> RunAsync(
        HttpContext context,
        [FromHeader(Name = "Prefer")] string[]? prefer,
        Submissions submissions,
        SluiceService sluice,
        IHostApplicationLifetime lifetime,
        CancellationToken cancellationToken) => SubmitAsync(context, prefer, looksAgain: false, submissions, sluice, lifetime, cancellationToken);

    private static Task<IResult> SyncAsync(
        HttpContext context,
        [FromHeader(Name = "Prefer")] string[]? prefer,
        Submissions submissions,
        SluiceService sluice,
        IHostApplicationLifetime lifetime,
        CancellationToken cancellationToken) => SubmitAsync(context, prefer, looksAgain: true, submissions, sluice, lifetime, cancellationToken);

    private static async Task<IResult> SubmitAsync(
        HttpContext context,
        string[]? prefer,
        bool looksAgain,
        Submissions submissions,
        SluiceService sluice,
        IHostApplicationLifetime lifetime,
        CancellationToken cancellationToken)
    {
        var preferences = Preferences.Read(prefer ?? []);
        var request = await RunRequestReader.ReadAsync(context.Request, cancellationToken) with { LooksAgain = looksAgain };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        limit.CancelAfter(preferences?.Longest ?? Timeout.InfiniteTimeSpan);
        var submitted = await submissions.SubmitAsync(request, preferences?.Longest, cancellationToken);
        var location = $"/api/v1/runs/{submitted.Run.Id}";
        if (submitted.IsStored)
        {
            context.Response.Headers.Location = location;
            return Results.Ok(submitted.Run);
        }

        if (preferences is not null)
        {
            context.Response.Headers["Preference-Applied"] = preferences.Applied;
        }

        try
        {
            // The client may go away; the run goes on.
            var ended = await sluice.WaitAsync(submitted.Run.Id, limit.Token);
            return ended.Status == "succeeded"
                ? Results.Created(location, ended)
                : Problem(await sluice.ProblemOfAsync(ended.Id, cancellationToken));
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new SluiceException(
                FaultKind.Unavailable, "stopping", $"The service is stopping; the run {submitted.Run.Id} goes on when it is started again.");
        }
        catch (OperationCanceledException) when (preferences is not null && !cancellationToken.IsCancellationRequested)
        {
            return Results.Accepted(location, await sluice.GetRunAsync(submitted.Run.Id, cancellationToken));
        }
    }

    private static IResult Problem(ProblemView problem) =>
        Results.Json(problem, ClientJson.Default.ProblemView, "application/problem+json", problem.Status);

    private static IResult Later(HttpContext context) => Problem(Problems.Of(
        501, "reserved", "Not in this release", $"{context.Request.Path} comes with a later release."));

    private static async Task<PlanView> PlanAsync(
        HttpContext context, SluiceService sluice, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        return await sluice.PlanAsync(await RunRequestReader.ReadAsync(context.Request, cancellationToken), stop.Token);
    }
}
