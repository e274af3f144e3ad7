using Sluice.Core.Json;
using Sluice.Core.Results;

namespace Sluice.Store;

/// <summary>Reads the contents of a space, and looks whether everything that its results and records need is there.</summary>
internal static class Verification
{
    /// <summary>Verifies. Damaged contents are taken out; copies under commits that differ are mended.</summary>
    /// <param name="store">The space.</param>
    /// <param name="fraction">How much of the contents to read, from 0 to 1, chosen at random.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<VerifyReport> RunAsync(JobStore store, double fraction, CancellationToken cancellationToken)
    {
        var (count, bytes) = (0L, 0L);
        var damaged = new List<string>();
        await foreach (var file in store.ContentFilesAsync(cancellationToken))
        {
            if (fraction < 1 && Random.Shared.NextDouble() >= fraction)
            {
                continue;
            }

            var content = new BlobInfo(Digest.Parse(file.Stem), file.Size);
            count++;
            bytes += file.Size;
            if (!await store.Blobs.VerifyAsync(content, cancellationToken))
            {
                damaged.Add(content.Digest.ToString());
            }
        }

        var (affected, unreadable) = await ResultsAsync(store, cancellationToken);
        var (lost, mended) = await RecordsAsync(store, unreadable, cancellationToken);
        return new VerifyReport(count, bytes, damaged, affected, lost, mended, unreadable);
    }

    private static async Task<(List<string> Affected, List<string> Unreadable)> ResultsAsync(JobStore store, CancellationToken cancellationToken)
    {
        var (affected, unreadable) = (new List<string>(), new List<string>());
        await foreach (var file in store.ResultFilesAsync(cancellationToken))
        {
            if (await store.Space.Files.ReadAsync(file.Name, CoreJson.Default.TaskResult, cancellationToken) is not { } result)
            {
                unreadable.Add(file.Name);
            }
            else if (await store.Blobs.FirstLostAsync(result.Files.Contents, cancellationToken) is not null)
            {
                affected.Add($"{result.Provenance.Task} ({result.Fingerprint})");
            }
        }

        return (affected, unreadable);
    }

    private static async Task<(List<string> Lost, List<string> Mended)> RecordsAsync(
        JobStore store, List<string> unreadable, CancellationToken cancellationToken)
    {
        var (lost, mended) = (new List<string>(), new List<string>());
        foreach (var commit in await store.ListCommitsAsync(cancellationToken))
        {
            CommitRecord? newest = null;
            foreach (var (_, file) in await store.Records.ListAsync(commit, cancellationToken))
            {
                newest = await store.Space.Files.ReadAsync(file.Name, CoreJson.Default.CommitRecord, cancellationToken);
                if (newest is null)
                {
                    unreadable.Add(file.Name);
                }
                else if (await store.Blobs.FirstLostAsync(newest.Contents, cancellationToken) is { } content)
                {
                    lost.Add($"{commit.Short} ({content.Digest})");
                }
            }

            if (newest is not null)
            {
                mended.AddRange((await store.Space.Publication.MendAsync(newest, cancellationToken)).Select(name => $"{commit.Short}/{name}"));
            }
        }

        return (lost, mended);
    }
}
