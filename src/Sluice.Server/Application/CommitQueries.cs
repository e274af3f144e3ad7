using Sluice.Client;
using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Server.Application;

/// <summary>Looks at what is stored for commits.</summary>
public sealed class CommitQueries(IRunStore runs, IStore store)
{
    /// <summary>What is stored for a commit, given by its full id or the first seven or more digits of it.</summary>
    public async Task<CommitView> GetAsync(string job, string sha, string? run, CancellationToken cancellationToken) =>
        Views.Of((await FindAsync(job, sha, run, cancellationToken)).Record);

    /// <summary>A stored file.</summary>
    public async Task<(Stream Content, BlobInfo About)> OpenAsync(
        string job, string sha, string path, string? run, CancellationToken cancellationToken)
    {
        var (space, record) = await FindAsync(job, sha, run, cancellationToken);
        var file = RepoPath.Check(path, out var wanted) is null
            ? record.Sources.Concat(record.Tasks.SelectMany(task => task.Files.Outputs)).FirstOrDefault(file => file.Path == wanted)
            : null;
        if (file is null)
        {
            throw new SluiceException(FaultKind.NotFound, "no-such-file", "That commit has no such file below data/.");
        }

        var content = await space.Blobs.OpenAsync(file.Content, cancellationToken)
            ?? throw new SluiceException(
                FaultKind.Unavailable, "content-lost", "The content of that file is lost or damaged; the next run makes it again.");
        return (content, file.Content);
    }

    /// <summary>The contents that a file has had, oldest first.</summary>
    public async Task<IReadOnlyList<HistoryView>> HistoryAsync(string job, string path, CancellationToken cancellationToken)
    {
        var space = await OpenSpaceAsync(job, cancellationToken);
        var found = new List<HistoryView>();
        var commits = new Dictionary<(string Digest, string? Run), List<string>>();
        foreach (var commit in await space.ListCommitsAsync(cancellationToken))
        {
            if (await space.FindRecordAsync(commit, run: null, cancellationToken) is { } record
                && Views.FilesOf(record).FirstOrDefault(file => file.Path == path) is { } file)
            {
                if (!commits.TryGetValue((file.Digest, file.Run), out var known))
                {
                    commits.Add((file.Digest, file.Run), known = []);
                    found.Add(new HistoryView(file.Digest, file.Size, known, file.Run, file.Task, record.StoredAt));
                }

                known.Add(commit.Value);
            }
        }

        return found.Count > 0
            ? found
            : throw new SluiceException(FaultKind.NotFound, "no-such-file", "No stored commit of that job has such a file below data/.");
    }

    /// <summary>The results that differ between two commits.</summary>
    public async Task<DiffView> DiffAsync(string job, string from, string to, CancellationToken cancellationToken)
    {
        var (before, after) = (await GetAsync(job, from, null, cancellationToken), await GetAsync(job, to, null, cancellationToken));
        var old = before.Files.ToDictionary(file => file.Path);
        var now = after.Files.ToDictionary(file => file.Path);
        var differences = old.Keys.Union(now.Keys)
            .Order(StringComparer.Ordinal)
            .Select(path => (Path: path, Old: old.GetValueOrDefault(path), New: now.GetValueOrDefault(path)))
            .Where(pair => pair.Old?.Digest != pair.New?.Digest)
            .Select(pair => new FileDifferenceView(
                pair.Path,
                pair.Old is null ? "added" : pair.New is null ? "removed" : "modified",
                (pair.New ?? pair.Old)!.Task,
                pair.Old?.Digest,
                pair.New?.Digest,
                pair.Old?.Size,
                pair.New?.Size));
        return new DiffView(before.Commit, after.Commit, [.. differences]);
    }

    private async Task<(IJobStore Space, CommitRecord Record)> FindAsync(
        string job, string sha, string? run, CancellationToken cancellationToken)
    {
        var space = await OpenSpaceAsync(job, cancellationToken);
        RunId? wanted = RunId.TryParse(run, out var parsed) ? parsed : null;
        if (run is null || wanted is not null)
        {
            var matches = (await space.ListCommitsAsync(cancellationToken))
                .Where(commit => sha.Length >= 7 && commit.Value.StartsWith(sha, StringComparison.Ordinal))
                .ToList();
            if (matches is [var commit] && await space.FindRecordAsync(commit, wanted, cancellationToken) is { } record)
            {
                return (space, record);
            }
        }

        var which = sha[..Math.Min(7, sha.Length)] + (run is null ? "" : $" by run '{run}'");
        throw new SluiceException(
            FaultKind.NotFound, "no-such-commit", $"Job '{space.Job}' has nothing stored for commit {which}: {await WhyNothingAsync(space.Job, sha, cancellationToken)}.");
    }

    private async Task<string> WhyNothingAsync(JobName job, string sha, CancellationToken cancellationToken) =>
        !CommitId.TryParse(sha, out var commit) || await runs.FindNewestAsync(job, commit, cancellationToken) is not { Status: RunStatus.Succeeded } newest
            ? "no run of it succeeded (see `sluice runs`)"
            : newest.Options.Targets.IsEmpty ? "it was given up since; `sluice run` makes it anew"
            : "only a part of the job ran for it; `sluice run` runs the rest";

    // The space is only opened for a job that is known, so that a look never makes one.
    private async Task<IJobStore> OpenSpaceAsync(string job, CancellationToken cancellationToken) =>
        JobName.TryParse(job, out var name)
        && (await runs.FindJobAsync(name, cancellationToken) is not null || (await store.ListJobsAsync(cancellationToken)).Contains(name))
            ? await store.OpenAsync(name, cancellationToken)
            : throw new SluiceException(FaultKind.NotFound, "no-such-job", $"There is no job '{job}' yet; its first run makes it, and `sluice jobs` names those that are there.");
}
