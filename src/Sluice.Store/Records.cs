using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Sluice.Core.Json;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Store;

/// <summary>The records of commits, one per succeeded run, numbered from 1 and never changed.</summary>
internal sealed class Records(ISpaceFiles files)
{
    private const int MaxKept = 4;

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<SpaceFile, DateTimeOffset> _storedAt = new();
    private readonly LinkedList<(SpaceFile File, CommitRecord Record)> _kept = new();

    /// <summary>The newest record of a commit (or that of one run), or null.</summary>
    public async Task<CommitRecord?> FindAsync(CommitId commit, RunId? run, CancellationToken cancellationToken)
    {
        foreach (var (_, file) in (await ListAsync(commit, cancellationToken)).Reverse())
        {
            if (await ReadAsync(file, cancellationToken) is { } record && (run is null || record.Run == run))
            {
                return record;
            }
        }

        return null;
    }

    /// <summary>The records of a commit, oldest first.</summary>
    public async Task<IReadOnlyList<(int Number, SpaceFile File)>> ListAsync(CommitId commit, CancellationToken cancellationToken)
    {
        var records = new List<(int Number, SpaceFile File)>();
        await foreach (var file in files.ListAsync(SpaceNames.Records(commit), cancellationToken))
        {
            if (NumberOf(file) is { } number)
            {
                records.Add((number, file));
            }
        }

        return [.. records.OrderBy(record => record.Number)];
    }

    /// <summary>Every stored commit with when its newest record was stored and which that is, the newest last.</summary>
    public async Task<IReadOnlyList<StoredCommit>> ListCommitsAsync(CancellationToken cancellationToken)
    {
        var newest = new Dictionary<CommitId, (int Number, SpaceFile File)>();
        await foreach (var file in files.ListAsync(SpaceNames.Commits, cancellationToken))
        {
            var parts = file.Name.Split('/');
            if (CommitId.TryParse(parts[^2], out var commit) && NumberOf(file) is { } number
                && (!newest.TryGetValue(commit, out var known) || known.Number < number))
            {
                newest[commit] = (number, file);
            }
        }

        var commits = new ConcurrentBag<StoredCommit>();
        await ManyAtOnce.ForEachAsync(
            newest,
            async (pair, token) => commits.Add(new StoredCommit(pair.Key, await StoredAtAsync(pair.Value.File, token), pair.Value.File.Name)),
            cancellationToken);
        return [.. commits.OrderBy(commit => commit.At)];
    }

    /// <summary>Puts a record under the next free number; that of a run that is put already is given back.</summary>
    public async Task<int> PutAsync(CommitRecord record, CancellationToken cancellationToken)
    {
        var number = 1;
        foreach (var (taken, file) in await ListAsync(record.Commit, cancellationToken))
        {
            if ((await ReadAsync(file, cancellationToken))?.Run == record.Run)
            {
                return taken;
            }

            number = taken + 1;
        }

        // The loser of a race takes the next number.
        var json = JsonSerializer.SerializeToUtf8Bytes(record, CoreJson.Default.CommitRecord);
        while (!await files.WriteAsync(SpaceNames.Record(record.Commit, number), json, replace: false, cancellationToken))
        {
            number++;
        }

        return number;
    }

    /// <summary>Takes a record back.</summary>
    public Task DeleteAsync(CommitId commit, int number) =>
        files.DeleteAsync([SpaceNames.Record(commit, number)], CancellationToken.None);

    private static int? NumberOf(SpaceFile file) =>
        file.Name.EndsWith(".json", StringComparison.Ordinal) && int.TryParse(file.Stem, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private async Task<DateTimeOffset> StoredAtAsync(SpaceFile record, CancellationToken cancellationToken)
    {
        if (_storedAt.TryGetValue(record, out var known))
        {
            return known;
        }

        var head = await files.ReadAsync(record.Name, RecordHead.Bytes, cancellationToken);
        return _storedAt[record] = (head is null ? null : RecordHead.StoredAt(head)) ?? record.Modified;
    }

    // A record never changes, so that what was read once need not be read again; a gc may have given its name free meanwhile.
    private async Task<CommitRecord?> ReadAsync(SpaceFile file, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_kept.FirstOrDefault(kept => kept.File == file).Record is { } known)
            {
                return known;
            }
        }

        var record = await files.ReadAsync(file.Name, CoreJson.Default.CommitRecord, cancellationToken);
        lock (_lock)
        {
            if (record is not null)
            {
                _kept.AddFirst((file, record));
            }

            if (_kept.Count > MaxKept)
            {
                _kept.RemoveLast();
            }
        }

        return record;
    }
}
