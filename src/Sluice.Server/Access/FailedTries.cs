using System.Net;
using System.Threading.RateLimiting;

namespace Sluice.Server.Access;

/// <summary>Counts the wrong tokens of each address: ten in a minute are answered as such, and no more.</summary>
internal sealed class FailedTries : IDisposable
{
    private const int PerMinute = 10;

    private readonly PartitionedRateLimiter<IPAddress> _limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(
        address => RateLimitPartition.GetFixedWindowLimiter(
            address, _ => new FixedWindowRateLimiterOptions { PermitLimit = PerMinute, Window = TimeSpan.FromMinutes(1) }));

    /// <summary>Counts one.</summary>
    /// <returns>How long to wait where there were too many; else null.</returns>
    public TimeSpan? Count(IPAddress? address)
    {
        using var lease = _limiter.AttemptAcquire(address ?? IPAddress.None);
        return lease.IsAcquired ? null
            : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait
            : TimeSpan.FromMinutes(1);
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();
}
