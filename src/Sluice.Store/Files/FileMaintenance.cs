using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Store.Files;

/// <summary>Verification and gc of spaces on a file system.</summary>
internal sealed class FileMaintenance(FileStore store, TimeProvider time) : IStoreMaintenance
{
    /// <inheritdoc/>
    public async Task<VerifyReport> VerifyAsync(JobName job, double fraction, CancellationToken cancellationToken)
    {
        var space = store.Open(job);
        var (count, bytes) = (0L, 0L);
        var damaged = new List<string>();
        foreach (var file in Contents(space).Where(_ => fraction >= 1 || Random.Shared.NextDouble() < fraction))
        {
            var content = new BlobInfo(Digest.Parse(file.Name), file.Length);
            count++;
            bytes += file.Length;
            if (!await space.Blobs.VerifyAsync(content, cancellationToken))
            {
                damaged.Add(content.Digest.ToString());
            }
        }

        var affected = new List<string>();
        await foreach (var result in space.ListResultsAsync(cancellationToken))
        {
            foreach (var content in result.Files.Contents)
            {
                if (!await space.Blobs.ExistsAsync(content, cancellationToken))
                {
                    affected.Add($"{result.Provenance.Task} ({result.Fingerprint})");
                    break;
                }
            }
        }

        return new VerifyReport(count, bytes, damaged, affected);
    }

    /// <inheritdoc/>
    public async Task<GcReport> CollectAsync(JobName job, GcOptions options, CancellationToken cancellationToken)
    {
        var space = store.Open(job);
        await using var turn = Lock(space);
        var given = await GivenUpAsync(space, options, cancellationToken);
        var held = space.Holds.Read();
        var kept = new HashSet<Digest>(held);
        foreach (var commit in (await space.ListCommitsAsync(cancellationToken)).Except(given))
        {
            foreach (var path in space.RecordPaths(commit))
            {
                Mark(await ReadAsync(path, cancellationToken), kept);
            }
        }

        var before = time.GetUtcNow().UtcDateTime - options.Grace;
        var oldResults = new List<string>();
        await foreach (var result in space.ListResultsAsync(cancellationToken))
        {
            var path = space.Layout.Result(result.Fingerprint);
            if (!kept.Contains(result.Fingerprint.Digest) && File.GetLastWriteTimeUtc(path) < before)
            {
                oldResults.Add(path);
            }
            else
            {
                kept.UnionWith(result.Files.Contents.Concat(result.Listings).Select(content => content.Digest));
            }
        }

        var oldContents = Contents(space)
            .Where(file => file.LastWriteTimeUtc < before && !kept.Contains(Digest.Parse(file.Name)))
            .ToList();
        var report = new GcReport(
            options.IsDryRun, [.. given.Select(commit => commit.Value)], oldResults.Count, oldContents.Count, oldContents.Sum(file => file.Length));
        if (!options.IsDryRun)
        {
            Delete(space, given, oldResults, oldContents, before);
        }

        return report;
    }

    private static FileStream Lock(FileJobStore space)
    {
        try
        {
            return new FileStream(Path.Combine(space.Layout.Own, "gc.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new SluiceException(FaultKind.Conflict, "gc-running", $"Another gc of job '{space.Job}' is at work.", exception);
        }
    }

    private async Task<List<CommitId>> GivenUpAsync(FileJobStore space, GcOptions options, CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow().UtcDateTime - options.OlderThan;
        var commits = await space.ListCommitsAsync(cancellationToken);
        var rulesOut = options.KeepCommits is not null || options.OlderThan > TimeSpan.Zero || options.KeepAlways.Count > 0;
        return rulesOut
            ? [.. commits
                .SkipLast(options.KeepCommits ?? 0)
                .Where(commit => !options.KeepAlways.Contains(commit) && Directory.GetLastWriteTimeUtc(space.Layout.Records(commit)) <= before)]
            : [];
    }

    // What a record that cannot be read needs is not known: nothing is deleted then.
    private static async Task<CommitRecord> ReadAsync(string path, CancellationToken cancellationToken) =>
        await JsonFile.ReadAsync(path, Core.Json.CoreJson.Default.CommitRecord, cancellationToken)
            ?? throw new SluiceException(
                FaultKind.Conflict, "damaged-record", $"'{path}' cannot be read, and so it is not known what to keep; repair it, or delete it to give its commit up.");

    private static void Mark(CommitRecord record, HashSet<Digest> kept)
    {
        kept.Add(record.Manifest.Digest);
        kept.UnionWith(record.Code.Concat(record.Sources).Select(file => file.Content.Digest));
        foreach (var task in record.Tasks)
        {
            kept.Add(task.Fingerprint.Digest);
            kept.UnionWith(task.Files.Contents.Select(content => content.Digest));
        }
    }

    private static IEnumerable<FileInfo> Contents(FileJobStore space) => new DirectoryInfo(space.Layout.Contents)
        .EnumerateFiles("*", SearchOption.AllDirectories)
        .Where(file => Digest.TryParse(file.Name, out _));

    // The record goes first: without it nothing is stored, whatever else a crash leaves behind.
    private static void Delete(
        FileJobStore space, List<CommitId> commits, List<string> results, List<FileInfo> contents, DateTime before)
    {
        foreach (var commit in commits)
        {
            DeleteFolder(space.Layout.Records(commit));
            DeleteFolder(space.Layout.Copy(commit));
        }

        // Age and holds are read again right before: a run may have put or found the same thing meanwhile.
        var held = space.Holds.Read();
        foreach (var path in results.Where(path => File.GetLastWriteTimeUtc(path) < before && !held.Contains(Digest.Parse(Path.GetFileNameWithoutExtension(path)))))
        {
            File.Delete(path);
        }

        foreach (var file in contents.Where(file => !held.Contains(Digest.Parse(file.Name))))
        {
            file.Refresh();
            if (file.Exists && file.LastWriteTimeUtc < before)
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
