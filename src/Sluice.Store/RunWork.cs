using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sluice.Core.Clusters;
using Sluice.Core.Json;
using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Store;

/// <summary>The area of one run in the space of its job.</summary>
internal sealed class RunWork(ISpaceFiles files, IRunContents contents, RunId run) : IRunWork
{
    /// <summary>
    /// Two hundred thousand files of a task. Eight claims are read at once, each is several times as large when it is read as it is written, and all
    /// that must fit into a service's memory.
    /// </summary>
    public const int MaxClaimBytes = 32 * 1024 * 1024;

    /// <summary>An error of the greatest length, with every letter escaped.</summary>
    public const int MaxReportBytes = 256 * 1024;

    /// <summary>More attempts than a task has: what pods may write is not listed without end.</summary>
    public const int MaxReports = 1000;

    private const int MaxIntentBytes = 1024 * 1024;

    /// <inheritdoc/>
    public ITaskContents Contents => contents;

    private string Area => SpaceNames.WorkOf(run);

    /// <inheritdoc/>
    public Task PutOrderAsync(TaskOrder order, CancellationToken cancellationToken) =>
        WriteAsync($"{Area}/orders/{order.Index}.json", order, CoreJson.Default.TaskOrder, replace: true, cancellationToken);

    /// <inheritdoc/>
    public Task<TaskOrder?> FindOrderAsync(int task, CancellationToken cancellationToken) =>
        files.ReadAsync($"{Area}/orders/{task}.json", CoreJson.Default.TaskOrder, cancellationToken);

    /// <inheritdoc/>
    public Task TakeOrdersBackAsync(CancellationToken cancellationToken) => DeleteAllAsync($"{Area}/orders", cancellationToken);

    /// <inheritdoc/>
    public async Task<Digest> PutListAsync(IReadOnlyList<StoredFile> list, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(list, CoreJson.Default.IReadOnlyListStoredFile);
        var digest = Digest.Of(json);
        await files.WriteAsync($"{Area}/lists/{digest.Hex}.json", json, replace: true, cancellationToken);
        return digest;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredFile>?> FindListAsync(Digest list, CancellationToken cancellationToken) =>
        await files.ReadAsync($"{Area}/lists/{list.Hex}.json", maxBytes: null, cancellationToken) is { } json && Digest.Of(json) == list
            ? JsonSerializer.Deserialize(json, CoreJson.Default.IReadOnlyListStoredFile)
            : null;

    /// <inheritdoc/>
    public async Task<bool?> PutClaimAsync(Claim claim, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(claim, CoreJson.Default.Claim);
        return json.Length > MaxClaimBytes ? null : await files.WriteAsync(ClaimOf(claim.Task), json, replace: false, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<(Claim? Claim, string? Wrong)> FindClaimAsync(int task, CancellationToken cancellationToken)
    {
        var found = await files.ReadLimitedAsync(ClaimOf(task), CoreJson.Default.Claim, MaxClaimBytes, claim => claim.IsWellFormed, cancellationToken);
        if (found.Value is { IsReused: false } made)
        {
            contents.Expect(made.Files.Contents);
        }

        return found;
    }

    /// <inheritdoc/>
    public Task DeleteClaimAsync(int task, CancellationToken cancellationToken) => files.DeleteAsync([ClaimOf(task)], cancellationToken);

    /// <inheritdoc/>
    public Task PutReportAsync(PodReport report, CancellationToken cancellationToken) =>
        WriteAsync($"{Area}/reports/{report.Task}/{report.Pod}.json", report, CoreJson.Default.PodReport, replace: true, cancellationToken);

    /// <inheritdoc/>
    public async Task<(IReadOnlyList<PodReport> Reports, IReadOnlyList<string> SetAside)> ListReportsAsync(int task, CancellationToken cancellationToken)
    {
        var (reports, setAside) = (new List<PodReport>(), new List<string>());
        await foreach (var file in files.ListAsync($"{Area}/reports/{task}", cancellationToken).Take(MaxReports))
        {
            var (report, wrong) = await files.ReadLimitedAsync(
                file.Name, CoreJson.Default.PodReport, MaxReportBytes, report => report.IsWellFormed, cancellationToken);
            if (report is not null)
            {
                reports.Add(report);
            }
            else if (wrong is not null)
            {
                setAside.Add($"what its pod {file.Stem} says of an attempt was set aside: {wrong}");
            }
        }

        return ([.. reports.OrderBy(report => report.StartedAt)], setAside);
    }

    /// <inheritdoc/>
    public async Task<TaskResult?> FindResultAsync(Fingerprint fingerprint, CancellationToken cancellationToken)
    {
        if (await files.ReadAsync(SpaceNames.Result(fingerprint), CoreJson.Default.TaskResult, cancellationToken) is not { } result)
        {
            return null;
        }

        var isLost = false;
        await ManyAtOnce.ForEachAsync(result.Files.Contents, LookAsync, cancellationToken);
        return isLost ? null : result;

        async Task LookAsync(BlobInfo content, CancellationToken token)
        {
            if (!await contents.IsStoredAsync(content, token))
            {
                isLost = true;
            }
        }
    }

    /// <inheritdoc/>
    public Task<bool> TakeAsync(BlobInfo content, CancellationToken cancellationToken) => contents.TakeAsync(content, cancellationToken);

    /// <inheritdoc/>
    public Task<Stream?> OpenAsync(BlobInfo content, CancellationToken cancellationToken) => contents.OpenAsync(content, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> PutIntentAsync(WorkflowIntent intent, CancellationToken cancellationToken) =>
        WriteAsync($"{Area}/workflows/{intent.Number}.json", intent, CoreJson.Default.WorkflowIntent, replace: false, cancellationToken);

    /// <inheritdoc/>
    public async Task<ImmutableArray<WorkflowIntent>> ListIntentsAsync(CancellationToken cancellationToken)
    {
        var intents = new List<WorkflowIntent>();
        await foreach (var file in files.ListAsync($"{Area}/workflows", cancellationToken))
        {
            // The service's own, but where pods may write as well.
            if (await files.ReadLimitedAsync(file.Name, CoreJson.Default.WorkflowIntent, MaxIntentBytes, it => !it.Tasks.IsDefault, cancellationToken) is ({ } intent, _))
            {
                intents.Add(intent);
            }
        }

        return [.. intents.OrderBy(intent => intent.Number)];
    }

    /// <inheritdoc/>
    public Task ClearAsync(CancellationToken cancellationToken) => DeleteAllAsync(Area, cancellationToken);

    private async Task DeleteAllAsync(string folder, CancellationToken cancellationToken) => await files.DeleteAsync(
        await files.ListAsync(folder, cancellationToken).Select(file => file.Name).ToListAsync(cancellationToken), cancellationToken);

    private string ClaimOf(int task) => $"{Area}/claims/{task}.json";

    private Task<bool> WriteAsync<T>(string name, T value, JsonTypeInfo<T> type, bool replace, CancellationToken cancellationToken) =>
        files.WriteAsync(name, JsonSerializer.SerializeToUtf8Bytes(value, type), replace, cancellationToken);
}
