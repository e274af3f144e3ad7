using System.Globalization;
using Sluice.Core.Jobs;
using Sluice.Core.Revisions;
using Sluice.Core.Running;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Sluice.Adapters.Argo;

/// <summary>
/// Renders the part of a job that will or may run as one Argo Workflow, from typed records: a repository decides names, images, times and
/// resources, and no other field. See "Argo" in docs/design.
/// </summary>
public static class WorkflowRenderer
{
    private const int MaxJobInName = 30;

    private const int MaxTaskInName = 40;

    /// <summary>The Workflow as YAML.</summary>
    /// <param name="run">The run, which names the Workflow.</param>
    /// <param name="name">The job.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="job">The graph.</param>
    /// <param name="tasks">The indexes of the tasks that will or may run.</param>
    /// <param name="options">The service's configuration.</param>
    public static string Render(
        RunId run, JobName name, CommitId commit, ResolvedJob job, IReadOnlySet<int> tasks, WorkflowOptions options)
    {
        var shapes = new PodShapes(commit, options);
        var nodes = job.Order
            .Where(tasks.Contains)
            .Select(index => Node(job, job.Tasks[index], tasks, shapes))
            .ToList();
        var workflow = new Workflow
        {
            Metadata = new Metadata
            {
                Name = NameOf(run, name, commit),
                Namespace = options.Namespace,
                Labels = new Dictionary<string, string>
                {
                    ["sluice.dev/job"] = name.Value,
                    ["sluice.dev/commit"] = commit.Value[..Math.Min(63, commit.Value.Length)],
                    ["sluice.dev/run"] = run.Value,
                },
                Annotations = new Dictionary<string, string>
                {
                    ["sluice.dev/skipped"] = (job.Tasks.Length - nodes.Count).ToString(CultureInfo.InvariantCulture),
                },
            },
            Spec = new WorkflowSpec
            {
                ServiceAccountName = options.ServiceAccount,
                Executor = new ExecutorAccount { ServiceAccountName = options.ServiceAccount },
                Parallelism = options.Parallelism,
                TtlStrategy = new TtlStrategy { SecondsAfterCompletion = options.SecondsAfterCompletion },
                SecurityContext = new PodSecurity { RunAsUser = options.User, RunAsGroup = options.User, FsGroup = options.User },
                Templates = [new Template { Name = "job", Dag = new Dag { Tasks = nodes } }, .. shapes.Templates],
            },
        };
        return Serializer.Serialize(workflow);
    }

    /// <summary>The name of a run's Workflow; never used twice.</summary>
    public static string NameOf(RunId run, JobName name, CommitId commit)
    {
        var job = name.Value.Replace('_', '-');
        return $"sluice-{job[..Math.Min(MaxJobInName, job.Length)].TrimEnd('-')}-{commit.Short}-{run.Value[^8..]}";
    }

    private static ISerializer Serializer { get; } = new SerializerBuilder()
        .WithNamingConvention(CamelCaseNamingConvention.Instance)
        .ConfigureDefaultValuesHandling(DefaultValuesHandling.OmitNull)
        .WithQuotingNecessaryStrings()
        .DisableAliases()
        .Build();

    private static DagTask Node(ResolvedJob job, ResolvedTask task, IReadOnlySet<int> tasks, PodShapes shapes)
    {
        var upstream = task.Upstream.Where(tasks.Contains).Select(index => NameOf(job.Tasks[index])).ToList();
        List<Parameter> parameters = [new Parameter { Name = "task", Value = task.Index.ToString(CultureInfo.InvariantCulture) }];
        if (task.Task.Timeout is { } timeout)
        {
            parameters.Add(new Parameter { Name = "timeout", Value = ((int)Math.Ceiling(timeout.TotalSeconds)).ToString(CultureInfo.InvariantCulture) });
        }

        return new DagTask
        {
            Name = NameOf(task),
            Template = shapes.TemplateOf(task.Task),
            Dependencies = upstream.Count == 0 ? null : upstream,
            Arguments = new Arguments { Parameters = parameters },
        };
    }

    // Readable, and told apart by the task's number: two names may become the same once their dots are gone.
    private static string NameOf(ResolvedTask task)
    {
        var letters = task.Task.Name.Value.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-');
        var readable = new string([.. letters.Take(MaxTaskInName)]).Trim('-');
        var number = task.Index.ToString(CultureInfo.InvariantCulture);
        return readable.Length == 0 ? "task-" + number : $"{readable}-{number}";
    }
}
