using Sluice.Core.Running;

namespace Sluice.Core.Clusters;

/// <summary>An engine that runs a part of a plan as one workflow of pods, in each of which the executor runs one task.</summary>
public interface IClusterEngine : IEngine
{
    /// <summary>The most tasks of one workflow: a larger graph is cut.</summary>
    int MaxTasks { get; }

    /// <summary>Whether a workflow is small enough to be handed over.</summary>
    bool Fits(WorkflowOrder order);

    /// <summary>
    /// Hands a workflow over. Where one of its name is there already and is this run's, nothing is done. A request that is on its way is not given up when
    /// this is cancelled, since it may be carried out all the same: whoever stops the workflow then waits for it.
    /// </summary>
    /// <exception cref="SluiceException">It cannot be handed over, for a reason that is told in words: Unavailable where the cluster did not answer,
    /// BadGateway where it refused.</exception>
    Task SubmitAsync(WorkflowOrder order, CancellationToken cancellationToken);

    /// <summary>Whether a workflow is there.</summary>
    /// <exception cref="SluiceException">The cluster does not answer (Unavailable) or refuses (BadGateway).</exception>
    Task<bool> ExistsAsync(string workflow, CancellationToken cancellationToken);

    /// <summary>
    /// What is known of a workflow, whole and anew at each change, until it has ended or is gone: the last one says which. Trouble with the
    /// connection is waited out.
    /// </summary>
    /// <param name="order">What was handed over.</param>
    /// <param name="cancellationToken">Stops looking; the workflow goes on.</param>
    /// <exception cref="SluiceException">The cluster does not answer (Unavailable) or refuses (BadGateway).</exception>
    IAsyncEnumerable<WorkflowStatus> FollowAsync(WorkflowOrder order, CancellationToken cancellationToken);

    /// <summary>Stops a run's workflow with all its pods; one that has ended, is not there, or is somebody else's of that name stays as it is.</summary>
    Task StopAsync(string workflow, RunId run, CancellationToken cancellationToken);

    /// <summary>Takes away what the cluster keeps for a run beside its workflows, once no pod of it is to begin any more.</summary>
    Task ForgetAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>The output of a task's newest pod as far as it is there, without the lines that are not the command's.</summary>
    /// <param name="workflow">The workflow's name.</param>
    /// <param name="task">The task's index.</param>
    /// <param name="follow">Whether to go on until the pod has ended.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Null where no pod of the task has begun, or none is there any more.</returns>
    Task<Stream?> OpenLogAsync(string workflow, int task, bool follow, CancellationToken cancellationToken);
}
