using System.Text.Json;
using Sluice.Core.Json;
using Sluice.Core.Results;

namespace Sluice.Store.Files;

/// <summary>Reads the contents of a space, and looks whether everything that its results and records need is there.</summary>
internal static class Verification
{
    /// <summary>Verifies. Damaged contents are taken out; copies under commits that differ are mended.</summary>
    /// <param name="space">The space.</param>
    /// <param name="fraction">How much of the contents to read, from 0 to 1, chosen at random.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<VerifyReport> RunAsync(FileJobStore space, double fraction, CancellationToken cancellationToken)
    {
        var (count, bytes) = (0L, 0L);
        var damaged = new List<string>();
        foreach (var file in space.ContentFiles().Where(_ => fraction >= 1 || Random.Shared.NextDouble() < fraction))
        {
            var content = new BlobInfo(Digest.Parse(file.Name), file.Length);
            count++;
            bytes += file.Length;
            if (!await space.Blobs.VerifyAsync(content, cancellationToken))
            {
                damaged.Add(content.Digest.ToString());
            }
        }

        var (affected, unreadable) = await ResultsAsync(space, cancellationToken);
        var (lost, mended) = await RecordsAsync(space, unreadable, cancellationToken);
        return new VerifyReport(count, bytes, damaged, affected, lost, mended, unreadable);
    }

    private static async Task<(List<string> Affected, List<string> Unreadable)> ResultsAsync(FileJobStore space, CancellationToken cancellationToken)
    {
        var (affected, unreadable) = (new List<string>(), new List<string>());
        foreach (var path in space.ResultPaths())
        {
            if (await JsonFile.ReadAsync(path, CoreJson.Default.TaskResult, cancellationToken) is not { } result)
            {
                unreadable.Add(path);
            }
            else if (await FirstLostAsync(space, result.Files.Contents, cancellationToken) is not null)
            {
                affected.Add($"{result.Provenance.Task} ({result.Fingerprint})");
            }
        }

        return (affected, unreadable);
    }

    private static async Task<(List<string> Lost, List<string> Mended)> RecordsAsync(
        FileJobStore space, List<string> unreadable, CancellationToken cancellationToken)
    {
        var (lost, mended) = (new List<string>(), new List<string>());
        foreach (var commit in await space.ListCommitsAsync(cancellationToken))
        {
            CommitRecord? newest = null;
            foreach (var path in space.RecordPaths(commit))
            {
                newest = await ReadAsync(path, cancellationToken);
                if (newest is null)
                {
                    unreadable.Add(path);
                }
                else if (await FirstLostAsync(space, newest.Contents, cancellationToken) is { } content)
                {
                    lost.Add($"{commit.Short} ({content.Digest})");
                }
            }

            if (newest is not null)
            {
                mended.AddRange(space.Publication.Mend(newest).Mended.Select(name => $"{commit.Short}/{name}"));
            }
        }

        return (lost, mended);
    }

    private static async Task<CommitRecord?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonFile.ReadAsync(path, CoreJson.Default.CommitRecord, cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<BlobInfo?> FirstLostAsync(FileJobStore space, IEnumerable<BlobInfo> contents, CancellationToken cancellationToken)
    {
        foreach (var content in contents)
        {
            if (!await space.Blobs.ExistsAsync(content, cancellationToken))
            {
                return content;
            }
        }

        return null;
    }
}
