using System.Globalization;
using Sluice.Core.Clusters;
using Sluice.Core.Jobs;

namespace Sluice.Adapters.Argo;

/// <summary>One template for each distinct shape of a pod, so that thousands of tasks share a few.</summary>
internal sealed class PodShapes(WorkflowOrder order, WorkflowOptions options)
{
    /// <summary>The label of a pod that says which task it is of.</summary>
    public const string TaskLabel = "sluice.dev/task";

    /// <summary>The label of a pod whose task asks for the network; policies of the cluster may tell them apart.</summary>
    public const string NetworkLabel = "sluice.dev/network";

    /// <summary>What comes to a task's own timeout, which counts its command only: staging and storing.</summary>
    public const int GraceSeconds = 900;

    private const int InfrastructureRetries = 2;

    // What the node or the executor's own container did to the pod.
    private const string InfrastructureMessage = "^(The node |Pod was terminated in response to|executor: )";

    private readonly Dictionary<Shape, Template> _templates = [];

    /// <summary>The templates asked for so far.</summary>
    public IEnumerable<Template> Templates => _templates.Values;

    /// <summary>The name of the template for a task.</summary>
    public string TemplateOf(JobTask task)
    {
        var written = task.Image ?? "";
        var shape = new Shape(order.Images.GetValueOrDefault(written, written), task.Resources, task.Retries, task.UsesNetwork);
        if (!_templates.TryGetValue(shape, out var template))
        {
            template = Make($"task-{Text(_templates.Count)}", shape);
            _templates.Add(shape, template);
        }

        return template.Name;
    }

    // The user's command does not travel here, where Kubernetes would expand $(…): the executor reads it from the plan.
    private Template Make(string name, Shape shape) => new()
    {
        Name = name,
        Inputs = new Inputs
        {
            // A value here is the default, so that not every task need give one.
            Parameters =
            [
                new Parameter { Name = "task" },
                new Parameter { Name = "name", Value = "" },
                new Parameter { Name = "timeout", Value = Text(options.DefaultDeadlineSeconds) },
            ],
        },
        Metadata = new PodMetadata
        {
            Labels = LabelsOf(shape),
            Annotations = new Dictionary<string, string> { ["sluice.dev/task-name"] = "{{inputs.parameters.name}}" },
        },
        ActiveDeadlineSeconds = "{{inputs.parameters.timeout}}",
        RetryStrategy = RetriesOf(shape.Retries),
        InitContainers = [Executor()],
        Container = new Container
        {
            Image = PlainText.WithoutTemplates(shape.Image),
            Command = ["/sluice/executor", "run", order.Job.Name.Value, order.Run.Value, "{{inputs.parameters.task}}"],
            Env = [.. StoreVariables(), new EnvironmentVariable { Name = "POD_NAME", ValueFrom = new ValueSource { FieldRef = new FieldReference { FieldPath = "metadata.name" } } }],
            Resources = ResourcesOf(shape.Resources) ?? DefaultResources(),
            VolumeMounts = [Mount("sluice"), Mount("tmp")],
        },
    };

    private static Dictionary<string, string> LabelsOf(Shape shape)
    {
        var labels = new Dictionary<string, string> { [TaskLabel] = "{{inputs.parameters.task}}" };
        if (shape.UsesNetwork)
        {
            labels.Add(NetworkLabel, "true");
        }

        return labels;
    }

    // An expression sees the last try and how many there were, not how many of which kind: see "Retries" in docs/design/argo.md.
    private static RetryStrategy RetriesOf(int retries) => new()
    {
        Limit = Text(retries + InfrastructureRetries),
        Expression = $"asInt(lastRetry.exitCode) == {Text(PodTask.InfrastructureFailure)} or lastRetry.status == 'Error' or lastRetry.message matches '{InfrastructureMessage}'"
            + (retries > 0 ? $" or asInt(retries) < {Text(retries)}" : ""),
    };

    // Only this container has the credential, and leaves it in the shared folder, where the executor takes it away before the command begins:
    // the environment of the main container's first process, Argo's own, could be read by the user's command.
    private Container Executor() => new()
    {
        Name = "executor",
        Image = options.ExecutorImage,
        Command = ["/sluice-executor", "install", "/sluice"],
        Env =
        [
            Secret("STORE_ACCESS_KEY", RunSecrets.AccessKey),
            Secret("STORE_SECRET_KEY", RunSecrets.SecretKey),
            .. options.HasRunCredentials ? [Secret("STORE_SESSION_TOKEN", RunSecrets.SessionToken)] : Array.Empty<EnvironmentVariable>(),
        ],
        Resources = DefaultResources(),
        VolumeMounts = [Mount("sluice")],
    };

    private EnvironmentVariable Secret(string variable, string key) => new()
    {
        Name = variable,
        ValueFrom = new ValueSource { SecretKeyRef = new SecretReference { Name = options.HasRunCredentials ? RunSecrets.NameOf(order.Run) : options.StoreSecret, Key = key } },
    };

    private IEnumerable<EnvironmentVariable> StoreVariables()
    {
        (string Name, string? Value)[] variables =
        [
            ("STORE_ENDPOINT", options.StoreEndpoint?.AbsoluteUri),
            ("STORE_REGION", options.StoreRegion),
            ("STORE_BUCKET", options.StoreBucket),
            ("STORE_PATH_STYLE", options.StoreUsesPathStyle is { } pathStyle ? pathStyle ? "true" : "false" : null),
        ];
        return variables
            .Where(variable => variable.Value is not null)
            .Select(variable => new EnvironmentVariable { Name = variable.Name, Value = PlainText.WithoutExpansion(variable.Value!) });
    }

    private static VolumeMount Mount(string name) => new() { Name = name, MountPath = "/" + name };

    private Resources? DefaultResources() =>
        Amounts(options.Cpu, options.Memory, 0) is { } amounts ? new Resources { Requests = amounts } : null;

    private static Resources? ResourcesOf(TaskResources? resources) =>
        resources is not null && Amounts(resources.Cpu, resources.Memory, resources.Gpu) is { } amounts
            ? new Resources { Requests = amounts, Limits = amounts }
            : null;

    private static Dictionary<string, string>? Amounts(string? cpu, string? memory, int gpu)
    {
        (string Name, string? Amount)[] amounts = [("cpu", cpu), ("memory", memory), ("nvidia.com/gpu", gpu > 0 ? Text(gpu) : null)];
        var given = amounts.Where(it => it.Amount is not null).ToDictionary(it => it.Name, it => PlainText.WithoutTemplates(it.Amount!));
        return given.Count == 0 ? null : given;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Shape(string Image, TaskResources? Resources, int Retries, bool UsesNetwork);
}
