namespace Sluice.Client;

/// <summary>Every task of a job with its edges and files.</summary>
/// <param name="Digest">Of the graph; also its <c>ETag</c>.</param>
/// <param name="Tasks">In the order of the file.</param>
public sealed record GraphView(string Digest, IReadOnlyList<GraphTaskView> Tasks);

/// <summary>One node.</summary>
/// <param name="Name">The task.</param>
/// <param name="Inputs">As declared.</param>
/// <param name="Outputs">As declared.</param>
/// <param name="Upstream">The tasks it waits for.</param>
public sealed record GraphTaskView(
    string Name, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<string> Upstream);
