using Sluice.Core.Jobs;
using Sluice.Core.Running;

namespace Sluice.Core.Clusters;

/// <summary>Makes credentials of the store that may do what the pods of one run need, and nothing else.</summary>
public interface IRunCredentials
{
    /// <summary>How long one is good.</summary>
    TimeSpan Lifetime { get; }

    /// <summary>Makes one, as often as it is asked.</summary>
    /// <exception cref="SluiceException">None can be had: Unavailable where nobody answered, BadGateway where it was refused.</exception>
    Task<RunCredential> CreateAsync(JobName job, RunId run, CancellationToken cancellationToken);
}
