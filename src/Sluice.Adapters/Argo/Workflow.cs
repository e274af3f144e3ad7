namespace Sluice.Adapters.Argo;

// The fields of Argo's Workflow that Sluice writes, and no others: an allow-list by type. Names are Argo's own, in camelCase.

internal sealed record Workflow
{
    public string ApiVersion { get; init; } = "argoproj.io/v1alpha1";

    public string Kind { get; init; } = "Workflow";

    public required Metadata Metadata { get; init; }

    public required WorkflowSpec Spec { get; init; }
}

internal sealed record Metadata
{
    public required string Name { get; init; }

    public required string Namespace { get; init; }

    public required Dictionary<string, string> Labels { get; init; }

    public required Dictionary<string, string> Annotations { get; init; }
}

internal sealed record PodMetadata
{
    public required Dictionary<string, string> Labels { get; init; }

    public Dictionary<string, string>? Annotations { get; init; }
}

internal sealed record WorkflowSpec
{
    public string Entrypoint { get; init; } = "job";

    public required string ServiceAccountName { get; init; }

    public bool AutomountServiceAccountToken { get; init; }

    public required ExecutorAccount Executor { get; init; }

    public required int Parallelism { get; init; }

    public PodGc PodGC { get; init; } = new();

    public required TtlStrategy TtlStrategy { get; init; }

    public required PodMetadata PodMetadata { get; init; }

    public required Dictionary<string, string> NodeSelector { get; init; }

    public List<Toleration>? Tolerations { get; init; }

    public List<PullSecret>? ImagePullSecrets { get; init; }

    public required PodSecurity SecurityContext { get; init; }

    public List<Volume> Volumes { get; init; } = [new Volume { Name = "sluice" }, new Volume { Name = "tmp" }];

    public required List<Template> Templates { get; init; }
}

internal sealed record ExecutorAccount
{
    public required string ServiceAccountName { get; init; }
}

internal sealed record PodGc
{
    public string Strategy { get; init; } = "OnWorkflowSuccess";
}

internal sealed record TtlStrategy
{
    public required int SecondsAfterCompletion { get; init; }
}

internal sealed record PodSecurity
{
    public bool RunAsNonRoot { get; init; } = true;

    public required int RunAsUser { get; init; }

    public required int RunAsGroup { get; init; }

    public required int FsGroup { get; init; }

    public SeccompProfile SeccompProfile { get; init; } = new();
}

internal sealed record SeccompProfile
{
    public string Type { get; init; } = "RuntimeDefault";
}

internal sealed record Volume
{
    public required string Name { get; init; }

    public Dictionary<string, string> EmptyDir { get; init; } = [];
}

internal sealed record Template
{
    public required string Name { get; init; }

    public Dag? Dag { get; init; }

    public Inputs? Inputs { get; init; }

    public PodMetadata? Metadata { get; init; }

    public string? ActiveDeadlineSeconds { get; init; }

    public RetryStrategy? RetryStrategy { get; init; }

    public List<Container>? InitContainers { get; init; }

    public Container? Container { get; init; }
}

internal sealed record Dag
{
    public bool FailFast { get; init; }

    public required List<DagTask> Tasks { get; init; }
}

internal sealed record DagTask
{
    public required string Name { get; init; }

    public required string Template { get; init; }

    public List<string>? Dependencies { get; init; }

    public required Arguments Arguments { get; init; }
}

internal sealed record Arguments
{
    public required List<Parameter> Parameters { get; init; }
}

internal sealed record Inputs
{
    public required List<Parameter> Parameters { get; init; }
}

internal sealed record Parameter
{
    public required string Name { get; init; }

    public string? Value { get; init; }
}

internal sealed record RetryStrategy
{
    public required string Limit { get; init; }

    public string RetryPolicy { get; init; } = "Always";

    public required string Expression { get; init; }

    public Backoff Backoff { get; init; } = new();
}

internal sealed record Backoff
{
    public string Duration { get; init; } = "1s";

    public string Factor { get; init; } = "2";
}
