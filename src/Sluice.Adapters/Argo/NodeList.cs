using System.IO.Compression;
using System.Text.Json;

namespace Sluice.Adapters.Argo;

/// <summary>The nodes of a Workflow, however Argo keeps them: as they are, compressed where there are many, or in a database of its own.</summary>
internal static class NodeList
{
    private const string Offloaded =
        "Argo keeps the state of this Workflow in a database of its own (nodeStatusOffLoad), where it cannot be read; turn that off in Argo's configuration";

    /// <summary>The nodes, and why they cannot be read, in words.</summary>
    public static (IReadOnlyCollection<Node> Nodes, string? Error) Of(WorkflowState status)
    {
        if (status.CompressedNodes is { Length: > 0 } compressed)
        {
            return Decompress(compressed);
        }

        return status.OffloadNodeStatusVersion is { Length: > 0 } ? ([], Offloaded) : ([.. status.Nodes?.Values ?? []], null);
    }

    private static (IReadOnlyCollection<Node> Nodes, string? Error) Decompress(string text)
    {
        try
        {
            using var packed = new MemoryStream(Convert.FromBase64String(text));
            using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
            return (JsonSerializer.Deserialize<Dictionary<string, Node>>(unpacked, ClusterJson.Options)?.Values.ToList() ?? [], null);
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException or JsonException)
        {
            return ([], $"the state of the Workflow, which Argo has compressed, cannot be read: {exception.Message}");
        }
    }
}
