using System.Runtime.CompilerServices;
using System.Text.Json;
using Sluice.Core.Clusters;
using Sluice.Core.Jobs;
using Sluice.Core.Json;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Store;

/// <summary>The space of one job: what is the same on every kind of store.</summary>
internal sealed class JobStore(JobName job, ISpace space) : IJobStore
{
    private readonly ISpaceFiles _files = space.Files;
    private readonly ImportedCommits _imported = new(space.Files, space.Blobs);
    /// <inheritdoc/>
    public JobName Job => job;

    /// <inheritdoc/>
    public IBlobStore Blobs => space.Blobs;

    /// <summary>The parts of its own kind.</summary>
    internal ISpace Space => space;

    /// <summary>The records of commits.</summary>
    internal Records Records { get; } = new(space.Files);

    /// <inheritdoc/>
    public Task<TaskResult?> FindResultAsync(Fingerprint fingerprint, CancellationToken cancellationToken) =>
        _files.ReadAsync(SpaceNames.Result(fingerprint), CoreJson.Default.TaskResult, cancellationToken);

    /// <inheritdoc/>
    public async Task<TaskResult> PutResultAsync(TaskResult result, bool replace, CancellationToken cancellationToken)
    {
        var name = SpaceNames.Result(result.Fingerprint);
        var json = JsonSerializer.SerializeToUtf8Bytes(result, CoreJson.Default.TaskResult);
        if (await _files.WriteAsync(name, json, replace, cancellationToken))
        {
            return result;
        }

        // An adopted result gives way to a computed one, and one whose contents are lost to any.
        if (await FindResultAsync(result.Fingerprint, cancellationToken) is not { } winner
            || (winner.Provenance.IsAdopted && !result.Provenance.IsAdopted)
            || await Blobs.FirstLostAsync(winner.Files.Contents, cancellationToken) is not null)
        {
            await _files.WriteAsync(name, json, replace: true, cancellationToken);
            return result;
        }

        // The task is not deterministic: the first result stays, the second is kept for who wants to look.
        if (!winner.Files.Outputs.SequenceEqual(result.Files.Outputs))
        {
            await _files.WriteAsync(SpaceNames.DifferingResult(result.Fingerprint, result.Provenance.Run), json, replace: true, cancellationToken);
        }

        return winner;
    }

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancellationToken) => _files.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<int> PublishAsync(CommitRecord record, ReadOnlyMemory<byte> runJson, CancellationToken cancellationToken)
    {
        int? number = null;
        var isPublished = false;
        try
        {
            await using (await space.Holds.RecordAsync(cancellationToken))
            {
                number = await Records.PutAsync(record, cancellationToken);
            }

            await space.Publication.PublishAsync(record, runJson, cancellationToken);
            isPublished = true;
        }
        finally
        {
            // A run that fails stores nothing under its commit; one that is tried again puts its record again.
            if (!isPublished && number is { } put)
            {
                await Records.DeleteAsync(record.Commit, put);
            }
        }

        await FlushAsync(cancellationToken);
        return number.Value;
    }

    /// <inheritdoc/>
    public Task<CommitRecord?> FindRecordAsync(CommitId commit, RunId? run, CancellationToken cancellationToken) =>
        Records.FindAsync(commit, run, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CommitId>> ListCommitsAsync(CancellationToken cancellationToken) =>
        [.. (await Records.ListCommitsAsync(cancellationToken)).Select(stored => stored.Commit)];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CommitId>> ListImportedAsync(CancellationToken cancellationToken) =>
        [.. (await _imported.ListAsync(cancellationToken)).Except(await ListCommitsAsync(cancellationToken))];

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredFile>> ImportAsync(CommitId commit, CancellationToken cancellationToken) =>
        _imported.TakeAsync(commit, cancellationToken);

    /// <inheritdoc/>
    public Task HoldAsync(RunId run, IEnumerable<Digest> digests, CancellationToken cancellationToken) =>
        space.Holds.AddAsync(run, digests, cancellationToken);

    /// <inheritdoc/>
    public Task ReleaseAsync(RunId run, CancellationToken cancellationToken) => space.Holds.ReleaseAsync(run, cancellationToken);

    /// <inheritdoc/>
    public async Task<EndedRun?> FindRunAsync(RunId run, CancellationToken cancellationToken)
    {
        try
        {
            return await _files.ReadAsync(SpaceNames.Run(run), maxBytes: null, cancellationToken) is { } json ? RunJson.Read(json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task PutRunAsync(RunId run, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        if (!await _files.WriteAsync(SpaceNames.Run(run), json, replace: false, cancellationToken)
            && await FindRunAsync(run, cancellationToken) is null)
        {
            await _files.WriteAsync(SpaceNames.Run(run), json, replace: true, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ListRunsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var file in _files.ListAsync(SpaceNames.Runs, cancellationToken))
        {
            if (file.Name.EndsWith(".json", StringComparison.Ordinal) && await _files.ReadAsync(file.Name, maxBytes: null, cancellationToken) is { } json)
            {
                yield return json;
            }
        }
    }

    /// <inheritdoc/>
    public IRunWork OpenWork(RunId run) => space.ContentsOf(run) is { } contents
        ? new RunWork(_files, contents, run)
        : throw new NotSupportedException("No pod can reach a store on files.");

    /// <summary>Every content's file.</summary>
    internal async IAsyncEnumerable<SpaceFile> ContentFilesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var file in _files.ListAsync(SpaceNames.Contents, cancellationToken))
        {
            if (Digest.TryParse(file.Stem, out _))
            {
                yield return file;
            }
        }
    }

    /// <summary>Every result's file; beside them lie the differing ones of tasks that are not deterministic.</summary>
    internal async IAsyncEnumerable<SpaceFile> ResultFilesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var file in _files.ListAsync(SpaceNames.Results, cancellationToken))
        {
            if (file.Name.EndsWith(".json", StringComparison.Ordinal) && Digest.TryParse(file.Stem, out _))
            {
                yield return file;
            }
        }
    }
}
