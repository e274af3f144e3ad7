using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Sluice.Client;
using Sluice.Core;
using Sluice.Server.Application;

namespace Sluice.Server.Api;

/// <summary>What asks for runs: <c>POST /run</c> and its like (contract, section 2).</summary>
internal static class SubmitEndpoints
{
    /// <summary>Adds the endpoints.</summary>
    public static void MapSubmissions(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/run", SubmitAsync).Accepts<RunRequest>("application/json").Produces<RunView>(201).Produces<RunView>().WithTags("Runs");
        routes.MapPost("/sync", Later).WithTags("Runs");
        routes.MapPost("/hooks/github", Later).WithTags("Runs");
        routes.MapPost("/api/v1/plan", PlanAsync).Accepts<RunRequest>("application/json").Produces<RunView>().WithTags("Runs");
    }

    private static async Task<IResult> SubmitAsync(
        HttpContext context, Submissions submissions, SluiceService sluice, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        var preferences = Preferences.Read(context.Request.Headers["Prefer"]);
        var request = await RunRequestReader.ReadAsync(context.Request, cancellationToken);
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

    private static async Task<RunView> PlanAsync(
        HttpContext context, SluiceService sluice, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        return await sluice.PlanAsync(await RunRequestReader.ReadAsync(context.Request, cancellationToken), stop.Token);
    }
}
