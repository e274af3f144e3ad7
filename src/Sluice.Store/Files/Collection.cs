using Sluice.Core;
using Sluice.Core.Json;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Store.Files;

/// <summary>
/// One gc of a space: marks what kept commits and runs need, then deletes the rest. Runs go on meanwhile; only while it deletes, with what it
/// decided looked at once more, they wait before they hold or record anything.
/// </summary>
internal sealed class Collection(FileJobStore space, GcOptions options, DateTimeOffset now)
{
    private readonly HashSet<Digest> _kept = [];
    private readonly HashSet<string> _marked = [];

    /// <summary>Finds, and deletes unless it is a dry run.</summary>
    /// <exception cref="SluiceException">Another gc is at work, or a record cannot be read (Conflict).</exception>
    public async Task<GcReport> RunAsync(CancellationToken cancellationToken)
    {
        using var turn = FolderLock.TryAcquire(space.Layout.GcLock, isAlone: true)
            ?? throw new SluiceException(FaultKind.Conflict, "gc-running", $"Another gc of job '{space.Job}' is at work.");
        var given = await GivenUpAsync(cancellationToken);
        await MarkAsync(given.Keys, cancellationToken);
        var before = now.UtcDateTime - options.Grace;
        var oldResults = new List<FileInfo>();
        foreach (var path in space.ResultPaths())
        {
            var file = new FileInfo(path);
            if (IsOld(file, before))
            {
                oldResults.Add(file);
            }
            else if (await JsonFile.ReadAsync(path, CoreJson.Default.TaskResult, cancellationToken) is { } result)
            {
                _kept.UnionWith(result.Files.Contents.Concat(result.Listings).Select(content => content.Digest));
            }
        }

        var oldContents = space.ContentFiles().Where(file => IsOld(file, before)).ToList();
        var report = new GcReport(
            options.IsDryRun, [.. given.Keys.Select(commit => commit.Value)], oldResults.Count, oldContents.Count, oldContents.Sum(file => file.Length));
        if (!options.IsDryRun)
        {
            await DeleteAsync(given, [.. oldResults, .. oldContents], before, cancellationToken);
        }

        return report;
    }

    private bool IsOld(FileInfo file, DateTime before) =>
        file.LastWriteTimeUtc < before && !_kept.Contains(Digest.Parse(Path.GetFileNameWithoutExtension(file.Name)));

    // The commits given up, each with its newest record.
    private async Task<Dictionary<CommitId, string>> GivenUpAsync(CancellationToken cancellationToken)
    {
        var rulesOut = options.KeepCommits is not null || options.OlderThan > TimeSpan.Zero || options.KeepAlways.Count > 0;
        var commits = rulesOut ? await space.ListCommitsAsync(cancellationToken) : [];
        return commits
            .SkipLast(options.KeepCommits ?? 0)
            .Where(commit => !options.KeepAlways.Contains(commit) && space.StoredAt(commit) <= now - options.OlderThan)
            .ToDictionary(commit => commit, commit => space.RecordPaths(commit).Last());
    }

    private async Task MarkAsync(IEnumerable<CommitId> givenUp, CancellationToken cancellationToken)
    {
        _kept.UnionWith(space.Holds.Read());
        foreach (var path in (await space.ListCommitsAsync(cancellationToken)).Except(givenUp).SelectMany(space.RecordPaths).Where(_marked.Add))
        {
            // What a record that cannot be read needs is not known: nothing is deleted then.
            var record = await JsonFile.ReadAsync(path, CoreJson.Default.CommitRecord, cancellationToken)
                ?? throw new SluiceException(
                    FaultKind.Conflict, "damaged-record", $"'{path}' cannot be read, and so it is not known what to keep; repair it, or delete it to give its commit up.");
            _kept.UnionWith(record.Contents.Select(content => content.Digest));
            _kept.UnionWith(record.Tasks.Select(task => task.Fingerprint.Digest));
        }
    }

    // The record goes first: without it nothing is stored, whatever else a crash leaves behind.
    private async Task DeleteAsync(
        Dictionary<CommitId, string> given, List<FileInfo> files, DateTime before, CancellationToken cancellationToken)
    {
        using var alone = await FolderLock.AcquireAsync(space.Layout.HoldsLock, isAlone: true, cancellationToken);
        foreach (var commit in given.Where(pair => space.RecordPaths(pair.Key).LastOrDefault() != pair.Value).Select(pair => pair.Key).ToList())
        {
            // It was stored again meanwhile.
            given.Remove(commit);
        }

        await MarkAsync(given.Keys, cancellationToken);
        foreach (var commit in given.Keys)
        {
            DeleteFolder(space.Layout.Records(commit));
            DeleteFolder(space.Layout.Copy(commit));
        }

        foreach (var file in files)
        {
            file.Refresh();
            if (file.Exists && IsOld(file, before))
            {
                file.Delete();
            }
        }
    }

    private static void DeleteFolder(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
