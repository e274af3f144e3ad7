using System.Collections.Immutable;
using Sluice.Core.Results;

namespace Sluice.Core.Clusters;

/// <summary>
/// The area of a job's space where a run and its pods meet while it goes on: orders for the pods, and what they say they made. Pods may write
/// nowhere else. Safe for use by many at once.
/// </summary>
public interface IRunWork
{
    /// <summary>For a pod: reads what is in the store and in the area, and puts into the area alone.</summary>
    ITaskContents Contents { get; }

    /// <summary>Puts an order; one that is there is replaced.</summary>
    Task PutOrderAsync(TaskOrder order, CancellationToken cancellationToken);

    /// <summary>The order for a task; null where there is none.</summary>
    Task<TaskOrder?> FindOrderAsync(int task, CancellationToken cancellationToken);

    /// <summary>Takes all orders back: a pod that begins only now has nothing to do.</summary>
    Task TakeOrdersBackAsync(CancellationToken cancellationToken);

    /// <summary>Puts a list of files that orders refer to.</summary>
    Task<Digest> PutListAsync(IReadOnlyList<StoredFile> files, CancellationToken cancellationToken);

    /// <summary>A list of files; null where there is none, or something else.</summary>
    Task<IReadOnlyList<StoredFile>?> FindListAsync(Digest list, CancellationToken cancellationToken);

    /// <summary>Puts a claim. There is one for each task of a run: the first one stays.</summary>
    /// <returns>Whether it is this one; null where it is larger than a claim may be.</returns>
    Task<bool?> PutClaimAsync(Claim claim, CancellationToken cancellationToken);

    /// <summary>The claim for a task, or what is wrong with it: a pod may have written anything, and of any size. Neither where there is none.</summary>
    Task<(Claim? Claim, string? Wrong)> FindClaimAsync(int task, CancellationToken cancellationToken);

    /// <summary>Gives a claim up that does not count, so that the task can be run again.</summary>
    Task DeleteClaimAsync(int task, CancellationToken cancellationToken);

    /// <summary>Puts what a pod says of an attempt that did not succeed.</summary>
    Task PutReportAsync(PodReport report, CancellationToken cancellationToken);

    /// <summary>What pods said of attempts of a task, the first one first; and what of it was set aside, each with its reason.</summary>
    Task<(IReadOnlyList<PodReport> Reports, IReadOnlyList<string> SetAside)> ListReportsAsync(int task, CancellationToken cancellationToken);

    /// <summary>For a pod: the stored result of a fingerprint; null where there is none, or its contents are not there.</summary>
    Task<TaskResult?> FindResultAsync(Fingerprint fingerprint, CancellationToken cancellationToken);

    /// <summary>For the service: reads a content that a pod has put, compares it with its digest, and moves it into the store.</summary>
    /// <returns>False where it is not there, or something else.</returns>
    Task<bool> TakeAsync(BlobInfo content, CancellationToken cancellationToken);

    /// <summary>For the service: opens a content that a pod has put; null where it is not there.</summary>
    Task<Stream?> OpenAsync(BlobInfo content, CancellationToken cancellationToken);

    /// <summary>Writes an intent down; false where one of that number is there.</summary>
    Task<bool> PutIntentAsync(WorkflowIntent intent, CancellationToken cancellationToken);

    /// <summary>Every intent, by number.</summary>
    Task<ImmutableArray<WorkflowIntent>> ListIntentsAsync(CancellationToken cancellationToken);

    /// <summary>Takes the whole area away.</summary>
    Task ClearAsync(CancellationToken cancellationToken);
}
