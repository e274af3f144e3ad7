using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>
/// Executes the stored tasks of a commit again on their stored inputs, and compares: finds tasks that are not deterministic, or that depend on
/// what their fingerprint does not cover. Changes no result.
/// </summary>
public sealed class RerunVerification(RunPlanner planner, TaskRunner runner, TaskSlots slots, TimeProvider time)
{
    /// <summary>Executes and compares, one task after the other in dependency order.</summary>
    /// <param name="job">The job.</param>
    /// <param name="url">Its repository.</param>
    /// <param name="commit">A commit that has been resolved.</param>
    /// <param name="fraction">How many of the tasks, from 0 to 1, chosen at random.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>One report per task that was executed. Effects, tasks with <c>cache: false</c> and adopted results are left out.</returns>
    /// <exception cref="BrokenRepositoryException">The repository has mistakes.</exception>
    public async IAsyncEnumerable<RerunReport> RunAsync(
        JobName job, RepositoryUrl url, CommitId commit, double fraction, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var id = RunId.New(time.GetUtcNow());
        var planned = await planner.PlanAsync(job, url, commit, new RunOptions(), id, images: null, cancellationToken);
        await RevisionContents.EnsureStoredAsync(planned.Repository, planned.Store.Blobs, planned.NeededFiles, cancellationToken);
        var orders = WorkOrders.Of(planned, id);
        var tasks = planned.Plan.Tasks.ToDictionary(task => task.Task.Index);
        foreach (var task in planned.Job.Order.Where(tasks.ContainsKey).Select(index => tasks[index]).Where(CanCompare))
        {
            if (fraction >= 1 || Random.Shared.NextDouble() < fraction)
            {
                var inputs = orders.InputsOf(task.Task, index => tasks[index].Result!.Files.Outputs);
                yield return await CompareAsync(task, orders.Of(task.Task, inputs), cancellationToken);
            }
        }

        runner.CleanUp(id);
    }

    private async Task<RerunReport> CompareAsync(PlannedTask task, TaskWork work, CancellationToken cancellationToken)
    {
        var name = task.Task.Task.Name;
        using var slot = await slots.AcquireAsync(cancellationToken);
        try
        {
            var outcome = await runner.RunAsync(work, _ => { }, cancellationToken);
            return new RerunReport(name, outcome.Error, Differing(task.Result!.Files, outcome.Files));
        }
        catch (DamagedContentException damage)
        {
            return new RerunReport(name, $"not executed: {damage.Message} `sluice run` brings it back.", []);
        }
    }

    private static bool CanCompare(PlannedTask task) =>
        task.Result is { Provenance.IsAdopted: false } && task.Task.Task is { IsCacheable: true, IsEffect: false };

    private static ImmutableArray<RepoPath> Differing(ResultFiles stored, ResultFiles? made) => made is null
        ? []
        : [.. stored.Outputs.Except(made.Outputs).Concat(made.Outputs.Except(stored.Outputs)).Select(file => file.Path).Distinct().Order()];
}
