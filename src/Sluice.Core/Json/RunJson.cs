using System.Text;
using System.Text.Json;
using Sluice.Core.Running;

namespace Sluice.Core.Json;

/// <summary>The file form of an ended run: the run as the contract shows it, with all its tasks.</summary>
public static class RunJson
{
    private const int Schema = 1;

    /// <summary>Writes <c>run.json</c> and <c>.sluice/runs/&lt;id&gt;.json</c>.</summary>
    public static ReadOnlyMemory<byte> Write(Run run, IReadOnlyList<TaskRun> tasks)
    {
        // Put together from its two halves: a document of ten thousand tasks as a tree of nodes would take ten times its size in memory.
        var members = JsonSerializer.SerializeToUtf8Bytes(run, CoreJson.Default.Run).AsSpan()[1..^1];
        using var buffer = new MemoryStream();
        buffer.Write(Encoding.UTF8.GetBytes($"{{\"schema\":{Schema},"));
        buffer.Write(members);
        buffer.Write(",\"tasks\":"u8);
        JsonSerializer.Serialize(buffer, tasks, CoreJson.Default.IReadOnlyListTaskRun);
        buffer.WriteByte((byte)'}');
        return buffer.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static EndedRun Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, CoreJson.Default.Run) is { } run
        && JsonSerializer.Deserialize(json, CoreJson.Default.RunTasks) is { Schema: Schema, Tasks: { } tasks }
        && tasks.All(task => task is not null)
            ? new EndedRun(run, tasks)
            : throw new JsonException("Not a run, or one of a newer release.");

    /// <summary>The other half of the document.</summary>
    /// <param name="Schema">The version of the form.</param>
    /// <param name="Tasks">The tasks.</param>
    public sealed record RunTasks(int Schema, IReadOnlyList<TaskRun>? Tasks);
}
