using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.Core.Running;
using Sluice.Server.Application;
using Sluice.Server.Hosting;

namespace Sluice.Server.Api;

/// <summary>Whether the service is up, ready, and what it does.</summary>
internal static class OperationsEndpoints
{
    /// <summary>Adds the endpoints.</summary>
    public static void MapOperations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Operations").MayFail(400, 403);
        group.MapGet("/", () => Results.Json(new Dictionary<string, string> { ["service"] = "sluice", ["status"] = "up", ["api"] = "/openapi/v1.json" }))
            .Says("GetService", "Whether the service is up, and where it is described").Produces<Dictionary<string, string>>().AllowAnonymous();
        group.MapGet("/healthz", () => Results.Text("ok\n")).Says("GetHealth", "Whether the service is up").Produces<string>(200, "text/plain").AllowAnonymous();
        group.MapGet("/readyz", ReadyAsync).Says("GetReadiness", "Whether the database and the store answer")
            .Produces<string>(200, "text/plain").MayFail(503).AllowAnonymous();
        group.MapGet("/metrics", (EmbeddedSluice sluice) => Results.Text(Metrics(sluice.Queue), "text/plain; version=0.0.4"))
            .Says("GetMetrics", "Counts for Prometheus").Produces<string>(200, "text/plain");
    }

    private static async Task<IResult> ReadyAsync(EmbeddedSluice sluice, CancellationToken cancellationToken)
    {
        // Ready is who can answer: the database and the store.
        await sluice.Runs.ListUnfinishedAsync(cancellationToken);
        await sluice.Store.ListJobsAsync(cancellationToken);
        return Results.Text("ready\n");
    }

    private static string Metrics(RunQueue queue)
    {
        var (waiting, running) = queue.Counts;
        var text = new StringBuilder();
        text.Append("# HELP sluice_runs Runs that have not ended, by what they do.\n# TYPE sluice_runs gauge\n");
        text.Append(CultureInfo.InvariantCulture, $"sluice_runs{{state=\"queued\"}} {waiting}\nsluice_runs{{state=\"running\"}} {running}\n");
        text.Append("# HELP sluice_runs_ended_total Runs that have ended since the start, by how.\n# TYPE sluice_runs_ended_total counter\n");
        foreach (var status in new[] { RunStatus.Succeeded, RunStatus.Failed, RunStatus.Cancelled })
        {
            text.Append(CultureInfo.InvariantCulture, $"sluice_runs_ended_total{{status=\"{Views.Name(status)}\"}} {queue.Ended.GetValueOrDefault(status)}\n");
        }

        return text.ToString();
    }
}
