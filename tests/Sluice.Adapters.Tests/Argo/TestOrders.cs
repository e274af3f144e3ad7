using Sluice.Core.Clusters;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Adapters.Tests.Argo;

/// <summary>Orders of workflows for tests.</summary>
internal static class TestOrders
{
    public static readonly JobName Job = JobName.Parse("my_job");
    public static readonly CommitId Commit = CommitId.Parse(new string('a', 40));
    public static readonly RunId Run = RunId.New(DateTimeOffset.UnixEpoch);

    /// <summary>An order of some tasks of a chain.</summary>
    public static WorkflowOrder Of(int count, params IEnumerable<int> tasks) => Of(Chain(count), tasks);

    /// <summary>An order of some tasks.</summary>
    public static WorkflowOrder Of(IEnumerable<ResolvedTask> all, params IEnumerable<int> tasks)
    {
        var job = new ResolvedJob
        {
            Name = Job,
            Manifest = new Manifest(),
            ManifestFile = new RevisionFile(RepoPath.Trusted("dependencies.yaml"), RevisionFileKind.Regular, ""),
            CodeFolder = RepoPath.Trusted("src/job"),
            Tasks = [.. all],
            Order = [.. Enumerable.Range(0, all.Count())],
        };
        return new WorkflowOrder
        {
            Name = WorkflowOrder.NameOf(Run, Job, Commit, 1),
            Run = Run,
            Commit = Commit,
            Job = job,
            Tasks = tasks.ToHashSet(),
            Images = TaskImage.AllOf(job, Enumerable.Range(0, job.Tasks.Length), Commit, new Dictionary<string, Digest>()),
        };
    }

    /// <summary>A task.</summary>
    public static ResolvedTask Task(int index, JobTask task, params int[] upstream) => new() { Index = index, Task = task, Upstream = [.. upstream] };

    /// <summary>A task as it is declared.</summary>
    public static JobTask Declared(string name) => new()
    {
        Name = new TaskName(name),
        Command = TaskCommand.Shell("secret command $(HOME)"),
        Image = "registry/x",
        Resources = new TaskResources("500m", "1Gi", 0),
    };

    private static IEnumerable<ResolvedTask> Chain(int count) =>
        Enumerable.Range(0, count).Select(number => Task(number, Declared($"t.{number}.py"), number == 0 ? [] : [number - 1]));
}
