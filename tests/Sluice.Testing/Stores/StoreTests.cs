using System.Text;
using Microsoft.Extensions.Time.Testing;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Testing.Stores;

/// <summary>What tests of a store stand on: how to open it, and things to keep in it.</summary>
public abstract class StoreTests : IDisposable
{
    /// <summary>The job.</summary>
    protected static JobName Name { get; } = JobName.Parse("job");

    /// <summary>A commit.</summary>
    protected static CommitId Commit { get; } = CommitId.Parse(new string('a', 40));

    /// <summary>A folder for what is staged.</summary>
    protected TempFolder Folder { get; } = new();

    /// <summary>The store's clock.</summary>
    protected FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    /// <summary>Opens the store anew, on the same space.</summary>
    protected abstract (IStore Store, IStoreMaintenance Maintenance) Create();

    /// <summary>Changes a stored content behind the store's back, and the copies of it under commits; its size stays.</summary>
    protected abstract Task SpoilAsync(BlobInfo content);

    /// <summary>Makes all that is stored so far old enough for a gc with the options that this gives.</summary>
    protected virtual Task<GcOptions> AgeAsync()
    {
        Time.Advance(TimeSpan.FromDays(30));
        return Task.FromResult(new GcOptions());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Keeps a text.</summary>
    protected static async Task<BlobInfo> PutAsync(IJobStore store, string content)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(content));
        return await store.Blobs.PutAsync(stream, default);
    }

    /// <summary>A result with one output and a log.</summary>
    protected static async Task<TaskResult> ResultAsync(IJobStore store, string fingerprint, string output) => new()
    {
        Fingerprint = new Fingerprint(Digest.Of(fingerprint)),
        Fields = [],
        Files = new ResultFiles
        {
            Outputs = [new StoredFile(RepoPath.Trusted("o"), await PutAsync(store, output), false)],
            Logs = [new StoredFile(RepoPath.Trusted("command.log"), await PutAsync(store, "log"), false)],
        },
        Provenance = new Provenance
        {
            Run = RunId.New(DateTimeOffset.UnixEpoch),
            Task = new TaskName("t.py"),
            Commit = Commit,
            Engine = "process",
            StartedAt = default,
            FinishedAt = default,
        },
    };

    /// <summary>A commit with one task.</summary>
    protected static async Task<CommitRecord> RecordAsync(IJobStore store, string output)
    {
        var result = await ResultAsync(store, output, output);
        return new CommitRecord
        {
            Job = Name,
            Commit = Commit,
            CommitDate = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)),
            Run = result.Provenance.Run,
            StoredAt = default,
            Manifest = await PutAsync(store, "manifest"),
            Code = [new StoredFile(RepoPath.Trusted("t.py"), await PutAsync(store, "code"), false)],
            Sources = [new StoredFile(RepoPath.Trusted("s"), await PutAsync(store, "source"), false)],
            Tasks = [RecordedTask.Of(new TaskName("t.py"), result)],
        };
    }

    /// <summary>Opens the job's space.</summary>
    protected Task<IJobStore> OpenAsync() => Create().Store.OpenAsync(Name, default);
}
