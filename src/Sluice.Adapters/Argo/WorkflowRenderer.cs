using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Core.Clusters;
using Sluice.Core.Jobs;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Sluice.Adapters.Argo;

/// <summary>
/// Renders the part of a job that will or may run as one Argo Workflow, from typed records: a repository decides names, images, times and
/// resources, and no other field. See docs/design/argo.md.
/// </summary>
public static class WorkflowRenderer
{
    /// <summary>The label that says whose a Workflow is.</summary>
    internal const string RunLabel = "sluice.dev/run";

    private const int MaxLabel = 63;

    // A Workflow that would be larger names its tasks by their numbers only.
    private const int MaxReadable = 1_000_000;

    private static readonly ISerializer Yaml = new SerializerBuilder()
        .WithNamingConvention(CamelCaseNamingConvention.Instance)
        .ConfigureDefaultValuesHandling(DefaultValuesHandling.OmitNull)
        .WithQuotingNecessaryStrings()
        .WithEventEmitter(next => new OneLineTasks(next))
        .DisableAliases()
        .Build();

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The Workflow as YAML, for a person.</summary>
    public static string Render(WorkflowOrder order, WorkflowOptions options) =>
        Yaml.Serialize(Make(order, options, readable: true)) is { Length: <= MaxReadable } yaml ? yaml : Yaml.Serialize(Make(order, options, readable: false));

    /// <summary>The Workflow as JSON, for the cluster.</summary>
    internal static byte[] RenderJson(WorkflowOrder order, WorkflowOptions options) =>
        RenderJson(order, options, readable: true) is { Length: <= MaxReadable } json ? json : RenderJson(order, options, readable: false);

    private static byte[] RenderJson(WorkflowOrder order, WorkflowOptions options, bool readable) =>
        JsonSerializer.SerializeToUtf8Bytes(Make(order, options, readable), Json);

    private static Workflow Make(WorkflowOrder order, WorkflowOptions options, bool readable)
    {
        var shapes = new PodShapes(order, options);
        var nodes = order.Job.Order
            .Where(order.Tasks.Contains)
            .Select(index => Node(order, order.Job.Tasks[index], shapes, readable))
            .ToList();
        return new Workflow
        {
            Metadata = new Metadata
            {
                Name = order.Name,
                Namespace = options.Namespace,
                Labels = LabelsOf(order),
                Annotations = new Dictionary<string, string>
                {
                    ["sluice.dev/skipped"] = (order.Job.Tasks.Length - nodes.Count).ToString(CultureInfo.InvariantCulture),
                },
            },
            Spec = new WorkflowSpec
            {
                ServiceAccountName = options.ServiceAccount,
                Executor = new ExecutorAccount { ServiceAccountName = options.ServiceAccount },
                Parallelism = Math.Min(order.Parallelism ?? options.Parallelism, options.Parallelism),
                TtlStrategy = new TtlStrategy { SecondsAfterCompletion = options.KeepSeconds },
                PodMetadata = new PodMetadata { Labels = LabelsOf(order) },
                NodeSelector = SelectorOf(options),
                Tolerations = options.Tolerations.Count == 0 ? null : [.. options.Tolerations.Select(Tolerate)],
                ImagePullSecrets = options.PullSecrets.Count == 0 ? null : [.. options.PullSecrets.Select(name => new PullSecret { Name = name })],
                SecurityContext = new PodSecurity { RunAsUser = options.User, RunAsGroup = options.User, FsGroup = options.User },
                Templates = [new Template { Name = "job", Dag = new Dag { FailFast = order.FailFast, Tasks = nodes } }, .. shapes.Templates],
            },
        };
    }

    internal static Dictionary<string, string> LabelsOf(WorkflowOrder order) => new()
    {
        ["app.kubernetes.io/managed-by"] = "sluice",

        // A label ends with a letter or a digit.
        ["sluice.dev/job"] = order.Job.Name.Value.TrimEnd('-', '_'),
        ["sluice.dev/commit"] = order.Commit.Value[..Math.Min(MaxLabel, order.Commit.Value.Length)],
        [RunLabel] = order.Run.Value,
    };

    // What the fingerprints say of the platform must hold, whatever else is asked of a node.
    private static Dictionary<string, string> SelectorOf(WorkflowOptions options) => new(options.NodeSelector)
    {
        ["kubernetes.io/os"] = "linux",
        ["kubernetes.io/arch"] = options.Architecture,
    };

    private static Toleration Tolerate(NodeToleration toleration) => new()
    {
        Key = toleration.Key,
        Operator = toleration.Value is null ? "Exists" : "Equal",
        Value = toleration.Value,
        Effect = toleration.Effect,
    };

    private static DagTask Node(WorkflowOrder order, ResolvedTask task, PodShapes shapes, bool readable)
    {
        var upstream = task.Upstream.Where(order.Tasks.Contains).Select(index => NodeNames.Of(order.Job.Tasks[index], readable)).ToList();
        List<Parameter> parameters =
        [
            new Parameter { Name = "task", Value = task.Index.ToString(CultureInfo.InvariantCulture) },
            .. readable ? [new Parameter { Name = "name", Value = PlainText.WithoutTemplates(task.Task.Name.Value) }] : Array.Empty<Parameter>(),
        ];
        if (task.Task.Timeout is { } timeout)
        {
            var seconds = (int)Math.Ceiling(timeout.TotalSeconds) + PodShapes.GraceSeconds;
            parameters.Add(new Parameter { Name = "timeout", Value = seconds.ToString(CultureInfo.InvariantCulture) });
        }

        return new DagTask
        {
            Name = NodeNames.Of(task, readable),
            Template = shapes.TemplateOf(task.Task),
            Dependencies = upstream.Count == 0 ? null : upstream,
            Arguments = new Arguments { Parameters = parameters },
        };
    }
}
