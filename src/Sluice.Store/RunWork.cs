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
    public Task<bool> PutClaimAsync(Claim claim, CancellationToken cancellationToken) =>
        WriteAsync(ClaimOf(claim.Task), claim, CoreJson.Default.Claim, replace: false, cancellationToken);

    /// <inheritdoc/>
    public async Task<Claim?> FindClaimAsync(int task, CancellationToken cancellationToken)
    {
        if (await files.ReadAsync(ClaimOf(task), CoreJson.Default.Claim, cancellationToken) is not { IsWellFormed: true } claim)
        {
            return null;
        }

        if (!claim.IsReused)
        {
            contents.Expect(claim.Files.Contents);
        }

        return claim;
    }

    /// <inheritdoc/>
    public Task DeleteClaimAsync(int task, CancellationToken cancellationToken) => files.DeleteAsync([ClaimOf(task)], cancellationToken);

    /// <inheritdoc/>
    public Task PutReportAsync(PodReport report, CancellationToken cancellationToken) =>
        WriteAsync($"{Area}/reports/{report.Task}/{report.Pod}.json", report, CoreJson.Default.PodReport, replace: true, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PodReport>> ListReportsAsync(int task, CancellationToken cancellationToken)
    {
        var reports = new List<PodReport>();
        await foreach (var file in files.ListAsync($"{Area}/reports/{task}", cancellationToken))
        {
            if (await files.ReadAsync(file.Name, CoreJson.Default.PodReport, cancellationToken) is { IsWellFormed: true } report)
            {
                reports.Add(report);
            }
        }

        return [.. reports.OrderBy(report => report.StartedAt)];
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
            if (await files.ReadAsync(file.Name, CoreJson.Default.WorkflowIntent, cancellationToken) is { } intent)
            {
                intents.Add(intent);
            }
        }

        return [.. intents.OrderBy(intent => intent.Number)];
    }

    /// <inheritdoc/>
    public async Task ClearAsync(CancellationToken cancellationToken) => await files.DeleteAsync(
        await files.ListAsync(Area, cancellationToken).Select(file => file.Name).ToListAsync(cancellationToken), cancellationToken);

    private string ClaimOf(int task) => $"{Area}/claims/{task}.json";

    private Task<bool> WriteAsync<T>(string name, T value, JsonTypeInfo<T> type, bool replace, CancellationToken cancellationToken) =>
        files.WriteAsync(name, JsonSerializer.SerializeToUtf8Bytes(value, type), replace, cancellationToken);
}
