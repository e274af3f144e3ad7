namespace Sluice.Adapters.Argo;

/// <summary>How Workflows are rendered and run (<c>SLUICE_ARGO__…</c>): never from a repository.</summary>
public sealed record WorkflowOptions
{
    /// <summary>Where the Workflows run.</summary>
    public string Namespace { get; init; } = "sluice";

    /// <summary>The account of the pods.</summary>
    public string ServiceAccount { get; init; } = "sluice-task";

    /// <summary>The image with the executor.</summary>
    public string ExecutorImage { get; init; } = "sluice-executor:0.1.0";

    /// <summary>Most pods of one Workflow at once.</summary>
    public int Parallelism { get; init; } = 20;

    /// <summary>Most tasks of one Workflow; a graph that is larger is cut. Some 5,000 stay under a megabyte, which Kubernetes takes.</summary>
    public int MaxTasks { get; init; } = 5_000;

    /// <summary>How long an ended Workflow stays, in seconds.</summary>
    public int KeepSeconds { get; init; } = 3600;

    /// <summary>Longest time of a task without a timeout of its own, in seconds.</summary>
    public int DefaultDeadlineSeconds { get; init; } = 86_400;

    /// <summary>The numeric user of the pods.</summary>
    public int User { get; init; } = 8737;

    /// <summary>The processor of the nodes: <c>amd64</c> or <c>arm64</c>.</summary>
    public string Architecture { get; init; } = "amd64";

    /// <summary>Labels that a node must have, besides those for Linux and the architecture.</summary>
    public IReadOnlyDictionary<string, string> NodeSelector { get; init; } = new Dictionary<string, string>();

    /// <summary>Taints of nodes that do not keep the pods away.</summary>
    public IReadOnlyList<NodeToleration> Tolerations { get; init; } = [];

    /// <summary>Names of the Secrets with the registries' credentials.</summary>
    public IReadOnlyList<string> PullSecrets { get; init; } = [];

    /// <summary>What a task without resources of its own asks for, in Kubernetes' notation; null asks for nothing.</summary>
    public string? Cpu { get; init; }

    /// <inheritdoc cref="Cpu"/>
    public string? Memory { get; init; }

    /// <summary>How long a pod may take to start.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The kubeconfig; null is the pod's own account within a cluster, and else the file that kubectl takes.</summary>
    public string? KubeConfig { get; init; }

    /// <summary>The context of the kubeconfig; null is its current one.</summary>
    public string? Context { get; init; }

    /// <summary>The store as pods reach it; null is AWS.</summary>
    public Uri? StoreEndpoint { get; init; }

    /// <summary>The store's region.</summary>
    public string StoreRegion { get; init; } = "us-east-1";

    /// <summary>The store's one bucket for all jobs; null is a bucket per job.</summary>
    public string? StoreBucket { get; init; }

    /// <summary>Whether the bucket is part of the path; null leaves it to the executor.</summary>
    public bool? StoreUsesPathStyle { get; init; }

    /// <summary>Whether each run's pods have a credential of their own, in a Secret that is made with the run.</summary>
    public bool HasRunCredentials { get; init; }

    /// <summary>The Secret with the pods' credential for the store where all runs share one, in its keys <c>access_key</c> and <c>secret_key</c>.</summary>
    public string StoreSecret { get; init; } = "sluice-task-store";
}
