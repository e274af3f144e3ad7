using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Sluice.Core.Jobs;
using Sluice.Core.Json;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Store.Files;

/// <summary>The space of one job on a file system.</summary>
internal sealed class FileJobStore : IJobStore
{
    private const int MaxKeptRecords = 4;

    private readonly JsonFile _json;
    private readonly UnflushedFiles _unflushed;
    private readonly Publication _publication;
    private readonly Lock _lock = new();
    private readonly LinkedList<(string Path, CommitRecord Record)> _records = new();

    public FileJobStore(JobName job, SpaceLayout layout, FileStoreOptions options, TimeProvider time)
    {
        (Job, Layout) = (job, layout);
        _unflushed = new UnflushedFiles(layout.Root);
        _json = new JsonFile(layout, _unflushed);
        Holds = new Holds(layout);
        Contents = new FileBlobStore(layout, _unflushed, time);
        _publication = new Publication(layout, options, _unflushed);
    }

    /// <inheritdoc/>
    public JobName Job { get; }

    /// <inheritdoc/>
    public IBlobStore Blobs => Contents;

    internal SpaceLayout Layout { get; }

    internal FileBlobStore Contents { get; }

    internal Holds Holds { get; }

    /// <inheritdoc/>
    public Task<TaskResult?> FindResultAsync(Fingerprint fingerprint, CancellationToken cancellationToken) =>
        JsonFile.ReadAsync(Layout.Result(fingerprint), CoreJson.Default.TaskResult, cancellationToken);

    /// <inheritdoc/>
    public async Task<TaskResult> PutResultAsync(TaskResult result, bool replace, CancellationToken cancellationToken)
    {
        var path = Layout.Result(result.Fingerprint);
        var json = JsonSerializer.SerializeToUtf8Bytes(result, CoreJson.Default.TaskResult);
        if (_json.Write(path, json, replace))
        {
            return result;
        }

        if (await FindResultAsync(result.Fingerprint, cancellationToken) is not { } winner
            || (winner.Provenance.IsAdopted && !result.Provenance.IsAdopted))
        {
            _json.Write(path, json, replace: true);
            return result;
        }

        // The task is not deterministic: the first result stays, the second is kept for who wants to look.
        if (!winner.Files.Outputs.SequenceEqual(result.Files.Outputs))
        {
            _json.Write(Path.ChangeExtension(path, $".differs-{result.Provenance.Run}.json"), json, replace: true);
        }

        return winner;
    }

    /// <inheritdoc/>
    public Task RemoveResultAsync(Fingerprint fingerprint, CancellationToken cancellationToken)
    {
        File.Delete(Layout.Result(fingerprint));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<TaskResult> ListResultsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var path in Directory.EnumerateFiles(Layout.Results, "*.json", SearchOption.AllDirectories))
        {
            // Beside the results lie the differing ones of tasks that are not deterministic.
            if (Digest.TryParse(Path.GetFileNameWithoutExtension(path), out _)
                && await JsonFile.ReadAsync(path, CoreJson.Default.TaskResult, cancellationToken) is { } result)
            {
                yield return result;
            }
        }
    }

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancellationToken) => Task.Run(_unflushed.Flush, cancellationToken);

    /// <inheritdoc/>
    public async Task<int> PublishAsync(CommitRecord record, ReadOnlyMemory<byte> runJson, CancellationToken cancellationToken)
    {
        var number = await PutRecordAsync(record, cancellationToken);
        _publication.Publish(record, runJson.Span);
        await FlushAsync(cancellationToken);
        return number;
    }

    /// <inheritdoc/>
    public async Task<CommitRecord?> FindRecordAsync(CommitId commit, RunId? run, CancellationToken cancellationToken)
    {
        foreach (var path in RecordPaths(commit).Reverse())
        {
            if (await ReadRecordAsync(path, cancellationToken) is { } record && (run is null || record.Run == run))
            {
                return record;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<CommitId>> ListCommitsAsync(CancellationToken cancellationToken)
    {
        // A folder's time is that of its newest record.
        var commits = new List<(CommitId Commit, DateTime At)>();
        foreach (var folder in new DirectoryInfo(Layout.Commits).EnumerateDirectories())
        {
            if (CommitId.TryParse(folder.Name, out var commit))
            {
                commits.Add((commit, folder.LastWriteTimeUtc));
            }
        }

        return Task.FromResult<IReadOnlyList<CommitId>>([.. commits.OrderBy(pair => pair.At).Select(pair => pair.Commit)]);
    }

    /// <inheritdoc/>
    public Task HoldAsync(RunId run, IEnumerable<Digest> digests, CancellationToken cancellationToken) =>
        Holds.AddAsync(run, digests, cancellationToken);

    /// <inheritdoc/>
    public Task ReleaseAsync(RunId run, CancellationToken cancellationToken)
    {
        Holds.Release(run);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task PutRunAsync(RunId run, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        _json.Write(Layout.Run(run), json.Span, replace: false);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ListRunsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var path in Directory.EnumerateFiles(Layout.Runs, "*.json"))
        {
            yield return await File.ReadAllBytesAsync(path, cancellationToken);
        }
    }

    /// <summary>The records of a commit, oldest first.</summary>
    internal IEnumerable<string> RecordPaths(CommitId commit)
    {
        var folder = Layout.Records(commit);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.json")
                .Where(path => int.TryParse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture, out _))
                .OrderBy(path => int.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture))
            : [];
    }

    private async Task<int> PutRecordAsync(CommitRecord record, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(record, CoreJson.Default.CommitRecord);
        var number = 1;
        foreach (var path in RecordPaths(record.Commit))
        {
            number = int.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture);
            if ((await ReadRecordAsync(path, cancellationToken))?.Run == record.Run)
            {
                return number;
            }

            number++;
        }

        // The loser of a race takes the next number.
        while (!_json.Write(Path.Combine(Layout.Records(record.Commit), $"{number}.json"), json, replace: false))
        {
            number++;
        }

        return number;
    }

    // A record never changes, so that what was read once need not be read again.
    private async Task<CommitRecord?> ReadRecordAsync(string path, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_records.FirstOrDefault(kept => kept.Path == path).Record is { } known)
            {
                return known;
            }
        }

        var record = await JsonFile.ReadAsync(path, CoreJson.Default.CommitRecord, cancellationToken);
        lock (_lock)
        {
            if (record is not null)
            {
                _records.AddFirst((path, record));
            }

            if (_records.Count > MaxKeptRecords)
            {
                _records.RemoveLast();
            }
        }

        return record;
    }
}
