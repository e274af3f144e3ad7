using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Adapters.Argo;

// The fields that are read of what the API server sends, and no others.

internal sealed record ApiStatus(string? Message, string? Reason, int? Code);

internal sealed record ApiList<T>(ListMetadata Metadata, IReadOnlyList<T> Items);

internal sealed record ListMetadata(string? ResourceVersion);

internal sealed record WatchEvent(string Type, JsonElement Object)
{
    /// <summary>Not of the server's: the stream is open.</summary>
    public const string Opened = "OPENED";
}

internal sealed record ObjectMetadata
{
    public string Name { get; init; } = "";

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    public DateTimeOffset? CreationTimestamp { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

internal sealed record WorkflowObject(ObjectMetadata Metadata, WorkflowState? Status);

internal sealed record WorkflowState
{
    public string? Phase { get; init; }

    public string? Message { get; init; }

    public IReadOnlyDictionary<string, Node>? Nodes { get; init; }

    public string? CompressedNodes { get; init; }

    public string? OffloadNodeStatusVersion { get; init; }
}

internal sealed record Node
{
    public string Id { get; init; } = "";

    public string DisplayName { get; init; } = "";

    public string Type { get; init; } = "";

    public string? Phase { get; init; }

    public string? Message { get; init; }

    public string? HostNodeName { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public NodeInputs? Inputs { get; init; }

    public NodeOutputs? Outputs { get; init; }
}

internal sealed record NodeInputs(IReadOnlyList<NodeParameter>? Parameters);

internal sealed record NodeParameter(string Name, string? Value);

internal sealed record NodeOutputs(string? ExitCode);

internal sealed record Pod(ObjectMetadata Metadata, PodSpec? Spec, PodObjectStatus? Status);

internal sealed record PodSpec(string? NodeName);

internal sealed record PodObjectStatus
{
    public string? Phase { get; init; }

    public IReadOnlyList<PodCondition>? Conditions { get; init; }

    public IReadOnlyList<ContainerStatus>? InitContainerStatuses { get; init; }

    public IReadOnlyList<ContainerStatus>? ContainerStatuses { get; init; }
}

internal sealed record PodCondition(string Type, string? Reason, string? Message);

internal sealed record ContainerStatus(string Name, string? Image, ContainerState? State);

internal sealed record ContainerState(ContainerWaiting? Waiting);

internal sealed record ContainerWaiting(string? Reason, string? Message);

internal sealed record ClusterEvent(InvolvedObject InvolvedObject, string? Reason, string? Message);

internal sealed record InvolvedObject(string? Name);

internal static class ClusterJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
    };
}
