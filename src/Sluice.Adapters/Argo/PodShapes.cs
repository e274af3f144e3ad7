using System.Globalization;
using Sluice.Core.Jobs;
using Sluice.Core.Revisions;

namespace Sluice.Adapters.Argo;

/// <summary>One template for each distinct shape of a pod, so that thousands of tasks share a few.</summary>
internal sealed class PodShapes(CommitId commit, WorkflowOptions options)
{
    private readonly Dictionary<(string Image, TaskResources? Resources, int Retries), Template> _templates = [];

    /// <summary>The templates asked for so far.</summary>
    public IEnumerable<Template> Templates => _templates.Values;

    /// <summary>The name of the template for a task.</summary>
    public string TemplateOf(JobTask task)
    {
        var shape = (ImageOf(task), task.Resources, task.Retries);
        if (!_templates.TryGetValue(shape, out var template))
        {
            template = Make($"task-{_templates.Count.ToString(CultureInfo.InvariantCulture)}", shape);
            _templates.Add(shape, template);
        }

        return template.Name;
    }

    // Without tag or digest an image is built per commit, and has the first seven digits as its tag (contract, "Images").
    private string ImageOf(JobTask task)
    {
        var image = task.Image ?? "";
        var last = image[(image.LastIndexOf('/') + 1)..];
        return image.Length == 0 || last.Contains(':', StringComparison.Ordinal) || last.Contains('@', StringComparison.Ordinal)
            ? image
            : $"{image}:{commit.Short}";
    }

    // The user's command does not travel here, where Kubernetes would expand $(…): the executor reads it from the plan.
    private Template Make(string name, (string Image, TaskResources? Resources, int Retries) shape) => new()
    {
        Name = name,
        Inputs = new Inputs
        {
            // A value here is the default, so that most tasks need not repeat it.
            Parameters =
            [
                new Parameter { Name = "task" },
                new Parameter { Name = "timeout", Value = options.DefaultDeadlineSeconds.ToString(CultureInfo.InvariantCulture) },
            ],
        },
        ActiveDeadlineSeconds = "{{inputs.parameters.timeout}}",
        RetryStrategy = new RetryStrategy
        {
            // Two more for infrastructure; the user's own failures count against what the task asked for.
            Limit = (shape.Retries + 2).ToString(CultureInfo.InvariantCulture),
            Expression = $"asInt(lastRetry.exitCode) == 75 or lastRetry.status == 'Error' or asInt(retries) < {shape.Retries}",
        },
        InitContainers =
        [
            new Container
            {
                Name = "executor",
                Image = options.ExecutorImage,
                Command = ["/sluice-executor", "install", "/sluice/executor"],
                VolumeMounts = [new VolumeMount { Name = "sluice", MountPath = "/sluice" }],
            },
        ],
        Container = new Container
        {
            Image = shape.Image,
            Command = ["/sluice/executor", "run"],
            Env = [new EnvironmentVariable { Name = "SLUICE_TASK_INDEX", Value = "{{inputs.parameters.task}}" }],
            Resources = ResourcesOf(shape.Resources),
            VolumeMounts = [new VolumeMount { Name = "sluice", MountPath = "/sluice" }, new VolumeMount { Name = "tmp", MountPath = "/tmp" }],
        },
    };

    private static Resources? ResourcesOf(TaskResources? resources)
    {
        if (resources is null)
        {
            return null;
        }

        var amounts = new Dictionary<string, string>();
        if (resources.Cpu is { } cpu)
        {
            amounts["cpu"] = cpu;
        }

        if (resources.Memory is { } memory)
        {
            amounts["memory"] = memory;
        }

        if (resources.Gpu > 0)
        {
            amounts["nvidia.com/gpu"] = resources.Gpu.ToString(CultureInfo.InvariantCulture);
        }

        return amounts.Count == 0 ? null : new Resources { Requests = amounts, Limits = amounts };
    }
}
