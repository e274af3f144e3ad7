using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>A result that was found and not computed.</summary>
internal static class AdoptedResult
{
    /// <summary>The result.</summary>
    /// <param name="task">The task that it stands for.</param>
    /// <param name="fields">What decides its bytes.</param>
    /// <param name="outputs">What was found.</param>
    /// <param name="commit">The commit that it was found with.</param>
    /// <param name="run">The run that takes it over.</param>
    /// <param name="engine">The engine of that run.</param>
    /// <param name="now">When that is.</param>
    public static TaskResult Of(
        JobTask task,
        ImmutableArray<FingerprintField> fields,
        ImmutableArray<StoredFile> outputs,
        CommitId commit,
        RunId run,
        string engine,
        DateTimeOffset now) => new()
        {
            Fingerprint = Fingerprint.Of(fields.AsSpan()),
            Fields = fields,
            Files = new ResultFiles { Outputs = outputs },
            Provenance = new Provenance
            {
                Run = run,
                Task = task.Name,
                Commit = commit,
                Engine = engine,
                StartedAt = now,
                FinishedAt = now,
                IsAdopted = true,
            },
        };
}
