using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Core.Clusters;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Core.Json;

/// <summary>How Core's records are written to the store and the database: snake_case, nulls left out.</summary>
/// <example><c>JsonSerializer.SerializeToUtf8Bytes(result, CoreJson.Default.TaskResult)</c></example>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(JobNameConverter), typeof(TaskNameConverter), typeof(RepoPathConverter), typeof(DataPathConverter),
        typeof(CommitIdConverter), typeof(RunIdConverter), typeof(DigestConverter), typeof(FingerprintConverter),
        typeof(TaskCommandConverter),
        typeof(SnakeCaseEnumConverter<FieldKind>), typeof(SnakeCaseEnumConverter<ReasonCode>),
        typeof(SnakeCaseEnumConverter<PlannedState>), typeof(SnakeCaseEnumConverter<RunStatus>),
        typeof(SnakeCaseEnumConverter<TaskState>), typeof(SnakeCaseEnumConverter<RunKind>),
        typeof(SnakeCaseEnumConverter<RunTrigger>), typeof(SnakeCaseEnumConverter<FaultKind>),
    ])]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(TaskResult))]
[JsonSerializable(typeof(CommitRecord))]
[JsonSerializable(typeof(Run))]
[JsonSerializable(typeof(TaskRun))]
[JsonSerializable(typeof(IReadOnlyList<TaskRun>))]
[JsonSerializable(typeof(RunJson.RunTasks))]
[JsonSerializable(typeof(TaskOrder))]
[JsonSerializable(typeof(Claim))]
[JsonSerializable(typeof(PodReport))]
[JsonSerializable(typeof(WorkflowIntent))]
[JsonSerializable(typeof(IReadOnlyList<StoredFile>))]
public sealed partial class CoreJson : JsonSerializerContext;
