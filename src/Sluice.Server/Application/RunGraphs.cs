using System.Collections.Immutable;
using Sluice.Adapters.Argo;
using Sluice.Client;
using Sluice.Core.Clusters;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Server.Application;

/// <summary>The graph behind a run: for people, and as an Argo Workflow.</summary>
public sealed class RunGraphs(IRunStore runs, IStore store, IRepositories repositories, JobLoader loader, WorkflowOptions argo)
{
    /// <summary>The job as it was at the run's commit.</summary>
    public async Task<ResolvedJob> LoadAsync(Run run, CancellationToken cancellationToken)
    {
        var space = await store.OpenAsync(run.Job, cancellationToken);
        var url = repositories.Parse(run.Url);
        return (await loader.LoadAsync(run.Job, url, run.Commit, space.Blobs, cancellationToken)).Job;
    }

    /// <summary>Every task with its edges and files.</summary>
    public async Task<GraphView> GetAsync(Run run, CancellationToken cancellationToken) => View(await LoadAsync(run, cancellationToken));

    /// <summary>The Argo Workflow with the tasks that ran, run or would run.</summary>
    public async Task<string> RenderAsync(Run run, CancellationToken cancellationToken)
    {
        var job = await LoadAsync(run, cancellationToken);
        var tasks = await runs.ReadTasksAsync(run.Id, withUnchanged: false, cancellationToken);
        var wanted = tasks.Where(task => task.Planned is PlannedState.Run or PlannedState.MayRun).Select(task => task.Index).ToHashSet();
        return Render(run, job, wanted);
    }

    /// <summary>The Argo Workflow for some tasks of a job; where they do not fit into one, those that follow each other, as documents of one stream.</summary>
    public string Render(Run run, ResolvedJob job, IReadOnlySet<int> tasks) => string.Join(
        "---\n", job.Order.Where(tasks.Contains).Chunk(argo.MaxTasks).DefaultIfEmpty([]).Select((part, index) => Render(run, job, part, index + 1)));

    private string Render(Run run, ResolvedJob job, int[] tasks, int number) => WorkflowRenderer.Render(
        new WorkflowOrder
        {
            Name = WorkflowOrder.NameOf(run.Id, run.Job, run.Commit, number),
            Run = run.Id,
            Commit = run.Commit,
            Job = job,
            Tasks = tasks.ToHashSet(),
            FailFast = run.Options.FailFast,
            Parallelism = run.Options.Parallelism,
            Images = TaskImage.AllOf(job, tasks, run.Commit, run.Images ?? ImmutableSortedDictionary<string, Digest>.Empty),
        },
        argo);

    /// <summary>The view of a graph; its digest is that of its edges and files.</summary>
    public static GraphView View(ResolvedJob job)
    {
        var tasks = job.Tasks.Select(task => new GraphTaskView(
            task.Task.Name.Value,
            [.. task.Task.Inputs.Select(input => input.ToString())],
            [.. task.Task.Outputs.Select(output => output.ToString())],
            [.. task.Upstream.Select(index => job.Tasks[index].Task.Name.Value)])).ToList();
        var text = string.Join(
            '\n', tasks.Select(task => string.Join('\0', [task.Name, .. task.Inputs, "", .. task.Outputs, "", .. task.Upstream])));
        return new GraphView(Digest.Of(text).ToString(), tasks);
    }
}
