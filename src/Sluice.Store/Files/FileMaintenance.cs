using Sluice.Core.Jobs;
using Sluice.Core.Results;

namespace Sluice.Store.Files;

/// <summary>Verification and gc of spaces on a file system.</summary>
internal sealed class FileMaintenance(FileStore store, TimeProvider time) : IStoreMaintenance
{
    /// <inheritdoc/>
    public Task<VerifyReport> VerifyAsync(JobName job, double fraction, CancellationToken cancellationToken) =>
        Verification.RunAsync(store.Open(job), fraction, cancellationToken);

    /// <inheritdoc/>
    public Task<GcReport> CollectAsync(JobName job, GcOptions options, CancellationToken cancellationToken) =>
        new Collection(store.Open(job), options, time.GetUtcNow()).RunAsync(cancellationToken);
}
