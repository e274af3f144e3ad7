using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Running;

namespace Sluice.Core.Json;

/// <summary>The file form of an ended run: the run as the contract shows it, with all its tasks.</summary>
public static class RunJson
{
    /// <summary>Writes <c>run.json</c> and <c>.sluice/runs/&lt;id&gt;.json</c>.</summary>
    public static ReadOnlyMemory<byte> Write(Run run, IReadOnlyList<TaskRun> tasks)
    {
        var document = JsonSerializer.SerializeToNode(run, CoreJson.Default.Run)!.AsObject();
        document["tasks"] = JsonSerializer.SerializeToNode(tasks, CoreJson.Default.IReadOnlyListTaskRun);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            document.WriteTo(writer);
        }

        return buffer.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static EndedRun Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, CoreJson.Default.Run) is { } run
        && JsonSerializer.Deserialize(json, CoreJson.Default.RunTasks) is { } rest
            ? new EndedRun(run, rest.Tasks)
            : throw new JsonException("Not a run.");

    /// <summary>The other half of the document.</summary>
    /// <param name="Tasks">The tasks.</param>
    public sealed record RunTasks(IReadOnlyList<TaskRun> Tasks);
}
