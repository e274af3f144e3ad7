using Sluice.Core;
using Sluice.Core.Json;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Store;

/// <summary>
/// One gc of a space: marks what kept commits and runs need, then deletes the rest. Runs go on meanwhile; only while it deletes, with what it
/// decided looked at once more, they wait before they hold or record anything.
/// </summary>
internal sealed class Collection(JobStore store, GcOptions options, DateTimeOffset now)
{
    private const int BatchSize = 1000;

    private readonly HashSet<Digest> _kept = [];
    private readonly HashSet<string> _marked = [];
    private readonly ISpaceFiles _files = store.Space.Files;
    private readonly DateTimeOffset _before = now - options.Grace;

    /// <summary>Finds, and deletes unless it is a dry run.</summary>
    /// <exception cref="SluiceException">Another gc is at work, or a record cannot be read (Conflict).</exception>
    public async Task<GcReport> RunAsync(CancellationToken cancellationToken)
    {
        await using var turn = await store.Space.Holds.TryBeginGcAsync(cancellationToken)
            ?? throw new SluiceException(FaultKind.Conflict, "gc-running", $"Another gc of job '{store.Job}' is at work.");
        var given = await GivenUpAsync(cancellationToken);
        await MarkAsync(given.Keys, cancellationToken);
        var oldResults = new List<SpaceFile>();
        await foreach (var file in store.ResultFilesAsync(cancellationToken))
        {
            if (IsOld(file))
            {
                oldResults.Add(file);
            }
            else if (await _files.ReadAsync(file.Name, CoreJson.Default.TaskResult, cancellationToken) is { } result)
            {
                _kept.UnionWith(result.Files.Contents.Concat(result.Listings).Select(content => content.Digest));
            }
        }

        var oldContents = await store.ContentFilesAsync(cancellationToken).Where(IsOld).ToListAsync(cancellationToken);
        var left = await LeftByEndedRunsAsync(cancellationToken);
        var report = new GcReport(
            options.IsDryRun,
            [.. given.Keys.Select(commit => commit.Value)],
            oldResults.Count,
            oldContents.Count + left.Count,
            oldContents.Concat(left).Sum(file => file.Size));
        if (!options.IsDryRun)
        {
            await DeleteAsync(given, [.. oldResults, .. oldContents], cancellationToken);
            await _files.DeleteAsync([.. left.Select(file => file.Name)], cancellationToken);
        }

        return report;
    }

    // Where runs met their pods: taken away at their end, unless they were cancelled, or the service went away right then.
    private async Task<List<SpaceFile>> LeftByEndedRunsAsync(CancellationToken cancellationToken)
    {
        var (left, isEnded) = (new List<SpaceFile>(), new Dictionary<string, bool>());
        await foreach (var file in _files.ListAsync(SpaceNames.Work, cancellationToken))
        {
            var name = file.Name[(SpaceNames.Work.Length + 1)..].Split('/')[0];
            if (!isEnded.TryGetValue(name, out var ended))
            {
                isEnded[name] = ended = RunId.TryParse(name, out var run) && await _files.FindAsync(SpaceNames.Run(run), cancellationToken) is not null;
            }

            if (ended && file.Modified < _before)
            {
                left.Add(file);
            }
        }

        return left;
    }

    private bool IsOld(SpaceFile file) => file.Modified < _before && !_kept.Contains(Digest.Parse(file.Stem));

    // The commits given up, each with its newest record.
    private async Task<Dictionary<CommitId, string>> GivenUpAsync(CancellationToken cancellationToken)
    {
        var rulesOut = options.KeepCommits is not null || options.OlderThan > TimeSpan.Zero || options.KeepAlways.Count > 0;
        var commits = rulesOut ? await store.Records.ListCommitsAsync(cancellationToken) : [];
        return commits
            .SkipLast(options.KeepCommits ?? 0)
            .Where(stored => !options.KeepAlways.Contains(stored.Commit) && stored.At <= now - options.OlderThan)
            .ToDictionary(stored => stored.Commit, stored => stored.Record);
    }

    private async Task MarkAsync(IEnumerable<CommitId> givenUp, CancellationToken cancellationToken)
    {
        _kept.UnionWith(await store.Space.Holds.ReadAsync(cancellationToken));
        foreach (var commit in (await store.ListCommitsAsync(cancellationToken)).Except(givenUp))
        {
            foreach (var (_, file) in (await store.Records.ListAsync(commit, cancellationToken)).Where(record => _marked.Add(record.File.Name)))
            {
                // What a record that cannot be read needs is not known: nothing is deleted then.
                var record = await _files.ReadAsync(file.Name, CoreJson.Default.CommitRecord, cancellationToken)
                    ?? throw new SluiceException(
                        FaultKind.Conflict, "damaged-record", $"'{file.Name}' cannot be read, and so it is not known what to keep; repair it, or delete it to give its commit up.");
                _kept.UnionWith(record.Contents.Select(content => content.Digest));
                _kept.UnionWith(record.Tasks.Select(task => task.Fingerprint.Digest));
            }
        }
    }

    // The record goes first: without it nothing is stored, whatever else a crash leaves behind.
    private async Task DeleteAsync(Dictionary<CommitId, string> given, List<SpaceFile> files, CancellationToken cancellationToken)
    {
        await using var alone = await store.Space.Holds.BeginDeletingAsync(cancellationToken);
        foreach (var commit in given.Keys.ToList())
        {
            // It was stored again meanwhile.
            if (await store.Records.ListAsync(commit, cancellationToken) is not [.., var newest] || newest.File.Name != given[commit])
            {
                given.Remove(commit);
            }
        }

        await MarkAsync(given.Keys, cancellationToken);
        foreach (var commit in given.Keys)
        {
            await _files.DeleteAsync([.. (await store.Records.ListAsync(commit, cancellationToken)).Select(record => record.File.Name)], cancellationToken);
            await store.Space.Publication.DeleteAsync(commit, cancellationToken);
        }

        foreach (var batch in files.Chunk(BatchSize))
        {
            await _files.DeleteAsync(await StillOldAsync(batch, cancellationToken), cancellationToken);
        }
    }

    // A put that finds its content renews its age: that is read again right before it goes.
    private async Task<IReadOnlyCollection<string>> StillOldAsync(IEnumerable<SpaceFile> batch, CancellationToken cancellationToken)
    {
        var old = new List<string>();
        foreach (var file in batch)
        {
            if (await _files.FindAsync(file.Name, cancellationToken) is { } today && IsOld(today))
            {
                old.Add(file.Name);
            }
        }

        return old;
    }
}
