using Sluice.Core.Jobs;
using Sluice.Core.Results;

namespace Sluice.Store;

/// <summary>Verification and gc of spaces.</summary>
internal sealed class StoreMaintenance(Func<JobName, CancellationToken, Task<JobStore>> open, TimeProvider time) : IStoreMaintenance
{
    /// <inheritdoc/>
    public async Task<VerifyReport> VerifyAsync(JobName job, double fraction, CancellationToken cancellationToken) =>
        await Verification.RunAsync(await open(job, cancellationToken), fraction, cancellationToken);

    /// <inheritdoc/>
    public async Task<GcReport> CollectAsync(JobName job, GcOptions options, CancellationToken cancellationToken) =>
        await new Collection(await open(job, cancellationToken), options, time.GetUtcNow()).RunAsync(cancellationToken);
}
