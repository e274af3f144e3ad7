using System.Collections.Concurrent;
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
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<(string Path, DateTime Changed), DateTimeOffset> _storedAt = new();
    private readonly LinkedList<(string Path, DateTime Changed, CommitRecord Record)> _records = new();

    public FileJobStore(JobName job, SpaceLayout layout, FileStoreOptions options, TimeProvider time)
    {
        (Job, Layout) = (job, layout);
        _unflushed = new UnflushedFiles(layout.Root);
        _json = new JsonFile(layout, _unflushed);
        Holds = new Holds(layout);
        Contents = new FileBlobStore(layout, _unflushed, time);
        Publication = new Publication(layout, options, _unflushed);
    }

    /// <inheritdoc/>
    public JobName Job { get; }

    /// <inheritdoc/>
    public IBlobStore Blobs => Contents;

    internal SpaceLayout Layout { get; }

    internal FileBlobStore Contents { get; }

    internal Holds Holds { get; }

    internal Publication Publication { get; }

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

        // An adopted result gives way to a computed one, and one whose contents are lost to any.
        if (await FindResultAsync(result.Fingerprint, cancellationToken) is not { } winner
            || (winner.Provenance.IsAdopted && !result.Provenance.IsAdopted)
            || !await AreThereAsync(winner.Files, cancellationToken))
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
    public Task FlushAsync(CancellationToken cancellationToken) => Task.Run(_unflushed.Flush, cancellationToken);

    /// <inheritdoc/>
    public async Task<int> PublishAsync(CommitRecord record, ReadOnlyMemory<byte> runJson, CancellationToken cancellationToken)
    {
        var number = await PutRecordAsync(record, cancellationToken);
        var isPublished = false;
        try
        {
            Publication.Publish(record, runJson.Span);
            isPublished = true;
        }
        finally
        {
            // A run that fails stores nothing under its commit; one that is tried again puts its record again.
            if (!isPublished)
            {
                File.Delete(Path.Combine(Layout.Records(record.Commit), $"{number}.json"));
            }
        }

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
        var commits = new List<(CommitId Commit, DateTimeOffset At)>();
        foreach (var folder in new DirectoryInfo(Layout.Commits).EnumerateDirectories())
        {
            if (CommitId.TryParse(folder.Name, out var commit) && StoredAt(commit) is { } at)
            {
                commits.Add((commit, at));
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
    public async Task<EndedRun?> FindRunAsync(RunId run, CancellationToken cancellationToken)
    {
        try
        {
            return RunJson.Read(await File.ReadAllBytesAsync(Layout.Run(run), cancellationToken));
        }
        catch (Exception exception) when (exception is FileNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task PutRunAsync(RunId run, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        if (!_json.Write(Layout.Run(run), json.Span, replace: false) && await FindRunAsync(run, cancellationToken) is null)
        {
            _json.Write(Layout.Run(run), json.Span, replace: true);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ListRunsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var path in Directory.EnumerateFiles(Layout.Runs, "*.json"))
        {
            yield return await File.ReadAllBytesAsync(path, cancellationToken);
        }
    }

    private async Task<bool> AreThereAsync(ResultFiles files, CancellationToken cancellationToken)
    {
        foreach (var content in files.Contents)
        {
            if (!await Blobs.ExistsAsync(content, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Every content's file.</summary>
    internal IEnumerable<FileInfo> ContentFiles() => new DirectoryInfo(Layout.Contents)
        .EnumerateFiles("*", SearchOption.AllDirectories)
        .Where(file => Digest.TryParse(file.Name, out _));

    /// <summary>Every result's file; beside them lie the differing ones of tasks that are not deterministic.</summary>
    internal IEnumerable<string> ResultPaths() => Directory
        .EnumerateFiles(Layout.Results, "*.json", SearchOption.AllDirectories)
        .Where(path => Digest.TryParse(Path.GetFileNameWithoutExtension(path), out _));

    /// <summary>When the newest record of a commit was stored; null where there is none.</summary>
    internal DateTimeOffset? StoredAt(CommitId commit) =>
        RecordPaths(commit).LastOrDefault() is { } newest
            ? _storedAt.GetOrAdd((newest, File.GetLastWriteTimeUtc(newest)), key => RecordHead.ReadStoredAt(key.Path))
            : null;

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
        using var together = await FolderLock.AcquireAsync(Layout.HoldsLock, isAlone: false, cancellationToken);
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

    // A record never changes, so that what was read once need not be read again; a gc may have given its name free meanwhile.
    private async Task<CommitRecord?> ReadRecordAsync(string path, CancellationToken cancellationToken)
    {
        var changed = File.GetLastWriteTimeUtc(path);
        lock (_lock)
        {
            if (_records.FirstOrDefault(kept => kept.Path == path && kept.Changed == changed).Record is { } known)
            {
                return known;
            }
        }

        var record = await JsonFile.ReadAsync(path, CoreJson.Default.CommitRecord, cancellationToken);
        lock (_lock)
        {
            if (record is not null)
            {
                _records.AddFirst((path, changed, record));
            }

            if (_records.Count > MaxKeptRecords)
            {
                _records.RemoveLast();
            }
        }

        return record;
    }
}
