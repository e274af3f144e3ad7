using Sluice.Core.Revisions;

namespace Sluice.Core.Results;

/// <summary>The space of one job. Safe for use by many at once.</summary>
public interface IJobStore
{
    /// <summary>Which job.</summary>
    Jobs.JobName Job { get; }

    /// <summary>Contents by digest.</summary>
    IBlobStore Blobs { get; }

    /// <summary>The result of a fingerprint, or null; says nothing about whether its contents are still there.</summary>
    Task<TaskResult?> FindResultAsync(Fingerprint fingerprint, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps a result. Without <paramref name="replace"/> the first one stays and is returned (the loser of a race adopts the
    /// winner's result), unless it was adopted and this one is computed, or its contents are lost. A second, different set of outputs
    /// for one fingerprint is recorded beside it: the task is not deterministic.
    /// </summary>
    Task<TaskResult> PutResultAsync(TaskResult result, bool replace, CancellationToken cancellationToken);

    /// <summary>Makes all that was put durable: when it returns, it survives a power failure.</summary>
    Task FlushAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores a commit's record under the next free number, then the copy for people under <c>&lt;sha&gt;</c>: whole or absent at the first
    /// publication, later file by file with <c>run.json</c> last. Repeating it for the same run changes nothing.
    /// </summary>
    /// <returns>The record's number, from 1.</returns>
    Task<int> PublishAsync(CommitRecord record, ReadOnlyMemory<byte> runJson, CancellationToken cancellationToken);

    /// <summary>The newest record of a commit (or that of one run), or null.</summary>
    Task<CommitRecord?> FindRecordAsync(CommitId commit, Running.RunId? run, CancellationToken cancellationToken);

    /// <summary>Every commit that is stored, newest record last.</summary>
    Task<IReadOnlyList<CommitId>> ListCommitsAsync(CancellationToken cancellationToken);

    /// <summary>Every commit that the original service stored and that has no record: with a date under its name, and no <c>run.json</c>.</summary>
    Task<IReadOnlyList<CommitId>> ListImportedAsync(CancellationToken cancellationToken);

    /// <summary>Takes the data of such a commit among the contents.</summary>
    /// <returns>Its files, sorted by path relative to the data folder; those whose names cannot be are left out.</returns>
    Task<IReadOnlyList<StoredFile>> ImportAsync(CommitId commit, CancellationToken cancellationToken);

    /// <summary>
    /// Says that a run that has not ended needs these contents and results (by the digest of their fingerprint), so that no gc takes them. May
    /// be called again with more. Holds of a run whose record is put no longer count.
    /// </summary>
    Task HoldAsync(Running.RunId run, IEnumerable<Digest> digests, CancellationToken cancellationToken);

    /// <summary>Takes back what <see cref="HoldAsync"/> said for a run.</summary>
    Task ReleaseAsync(Running.RunId run, CancellationToken cancellationToken);

    /// <summary>The record of an ended run; null where there is none that can be read.</summary>
    Task<Running.EndedRun?> FindRunAsync(Running.RunId run, CancellationToken cancellationToken);

    /// <summary>Keeps the record of an ended run; a second put changes nothing, unless what is there cannot be read.</summary>
    Task PutRunAsync(Running.RunId run, ReadOnlyMemory<byte> json, CancellationToken cancellationToken);

    /// <summary>Every ended run's record, in no order.</summary>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ListRunsAsync(CancellationToken cancellationToken);

    /// <summary>The area where a run meets its pods. Makes nothing.</summary>
    /// <exception cref="NotSupportedException">The store is of a kind that no pod can reach.</exception>
    Clusters.IRunWork OpenWork(Running.RunId run);
}
