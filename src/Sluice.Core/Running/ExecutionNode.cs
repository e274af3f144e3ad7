using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;

namespace Sluice.Core.Running;

/// <summary>Where one task stands while its job is carried out; touched by the loop only.</summary>
internal sealed class ExecutionNode(PlannedTask planned)
{
    public PlannedTask Planned => planned;

    public ResolvedTask Task => planned.Task;

    public TaskState State { get; set; }

    public RecordedTask? Result { get; set; }

    public int Waiting { get; set; }

    public ImmutableArray<FingerprintField> Fields { get; set; } = planned.Fields;

    public Fingerprint Fingerprint { get; set; }
}
