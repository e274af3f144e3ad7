using Sluice.Core.Jobs;

namespace Sluice.Core.Results;

/// <summary>Looks after a store: finds damage, and gives space back. Safe while runs go on.</summary>
public interface IStoreMaintenance
{
    /// <summary>Reads contents and compares them with their digests; damaged ones are taken out, so that their producers run again.</summary>
    /// <param name="job">The job.</param>
    /// <param name="fraction">How much of the contents to read, from 0 to 1, chosen at random.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<VerifyReport> VerifyAsync(JobName job, double fraction, CancellationToken cancellationToken);

    /// <summary>Finds what no kept commit needs, and deletes it unless it is a dry run.</summary>
    /// <exception cref="SluiceException">Another gc is at work (Conflict).</exception>
    Task<GcReport> CollectAsync(JobName job, GcOptions options, CancellationToken cancellationToken);
}
