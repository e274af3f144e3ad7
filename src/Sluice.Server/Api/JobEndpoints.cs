using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.Client;
using Sluice.Core;
using Sluice.Server.Application;

namespace Sluice.Server.Api;

/// <summary>Jobs and what is stored for their commits (contract, section 2).</summary>
internal static class JobEndpoints
{
    /// <summary>Adds the endpoints.</summary>
    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/api/v1/jobs").WithTags("Jobs").MayFail(400, 403, 503);
        jobs.MapGet("", (int? limit, string? cursor, SluiceService sluice, CancellationToken token) => sluice.ListJobsAsync(limit, cursor, token))
            .Says("ListJobs", "The jobs by name");
        var job = jobs.MapGroup("/{job}").MayFail(404);
        job.MapGet("", (string job, SluiceService sluice, CancellationToken token) => sluice.GetJobAsync(job, token))
            .Says("GetJob", "A job with its newest run");
        job.MapGet("/commits/{sha}", (string job, string sha, string? run, SluiceService sluice, CancellationToken token) => sluice.GetCommitAsync(job, sha, run, token))
            .Says("GetCommit", "What is stored for a commit: every file with its digest, size, and who made it");
        job.MapGet("/commits/{sha}/data/{**path}", DataAsync).Says("GetData", "A stored file")
            .Produces<Stream>(200, "application/octet-stream").Produces<Stream>(206, "application/octet-stream").Produces(304).MayFail(412, 416);
        job.MapGet("/history", HistoryAsync).Says("GetHistory", "The contents that a file has had").Produces<IReadOnlyList<HistoryView>>();
        job.MapGet("/diff", DiffAsync).Says("GetDiff", "The results that differ between two commits").Produces<DiffView>();
    }

    private static async Task<IResult> DataAsync(
        string job, string sha, string path, string? run, SluiceService sluice, CancellationToken cancellationToken)
    {
        var (content, about) = await sluice.OpenDataAsync(job, sha, path, run, cancellationToken);
        return new StoredFile(content, about, Path.GetFileName(path));
    }

    private static async Task<IResult> HistoryAsync(string job, string? path, SluiceService sluice, CancellationToken cancellationToken) =>
        Results.Ok(await sluice.HistoryAsync(job, Required(path, "path"), cancellationToken));

    private static async Task<IResult> DiffAsync(
        string job, string? from, string? to, SluiceService sluice, CancellationToken cancellationToken) =>
        Results.Ok(await sluice.DiffAsync(job, Required(from, "from"), Required(to, "to"), cancellationToken));

    private static string Required(string? value, string name) => string.IsNullOrEmpty(value)
        ? throw new SluiceException(FaultKind.BadRequest, "bad-request", $"{name} is missing.")
        : value;
}
