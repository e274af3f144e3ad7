using Sluice.Core.Jobs;

namespace Sluice.Core.Results;

/// <summary>Where contents, results and records are kept: one space per job.</summary>
public interface IStore
{
    /// <summary>Opens the space of a job, making it where there is none.</summary>
    /// <exception cref="SluiceException">Its layout is newer than this release (Conflict).</exception>
    Task<IJobStore> OpenAsync(JobName job, CancellationToken cancellationToken);

    /// <summary>The jobs that have a space.</summary>
    Task<IReadOnlyList<JobName>> ListJobsAsync(CancellationToken cancellationToken);

    /// <summary>Removes what a writer that was killed left half done. Only for the owner of the state folder, before it writes.</summary>
    Task ClearLeftoversAsync(CancellationToken cancellationToken);
}
