using System.Collections.Immutable;
using Sluice.Core.Results;

namespace Sluice.Core.Running;

/// <summary>One plan that is being carried out.</summary>
public interface IExecution
{
    /// <summary>What stands for each task, in the order of the file; null where it failed or was skipped.</summary>
    ImmutableArray<RecordedTask?> Results { get; }

    /// <summary>Runs everything that can run, unless a result for what it turns out to depend on is stored.</summary>
    /// <param name="cancellationToken">Ends it; what has ended by then is written down.</param>
    /// <returns>Whether every task has a result.</returns>
    /// <exception cref="DamagedContentException">
    /// A content that a task needs is lost or damaged, which ends this execution: planned again, what makes the content runs.
    /// </exception>
    Task<bool> RunAsync(CancellationToken cancellationToken);

    /// <summary>Whose fault it is when it has failed; null where it is that of the tasks.</summary>
    FaultKind? Fault { get; }

    /// <summary>A person wants it stopped: takes back what goes on elsewhere, and marks whatever has not ended as cancelled.</summary>
    Task CancelAsync(CancellationToken cancellationToken);

    /// <summary>Takes away what is needed no more.</summary>
    /// <param name="hasEnded">Whether the run is at its end; else it will be taken up again.</param>
    Task CleanUpAsync(bool hasEnded);
}
