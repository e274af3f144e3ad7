using System.Text.Json.Serialization;

namespace Sluice.Client;

/// <summary>How the wire contracts are written: snake_case, as the contract shows them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RunRequest))]
[JsonSerializable(typeof(RunView))]
[JsonSerializable(typeof(PlanView))]
[JsonSerializable(typeof(TaskView))]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(ProblemView))]
[JsonSerializable(typeof(PageView<RunView>))]
[JsonSerializable(typeof(PageView<TaskView>))]
[JsonSerializable(typeof(PageView<JobView>))]
[JsonSerializable(typeof(WhyView))]
[JsonSerializable(typeof(GraphView))]
[JsonSerializable(typeof(CommitView))]
[JsonSerializable(typeof(DiffView))]
[JsonSerializable(typeof(IReadOnlyList<HistoryView>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(string))]
public sealed partial class ClientJson : JsonSerializerContext;
