using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>
/// Takes outputs that are committed to the repository as their tasks' results, for a job without a stored commit (contract, "Committed
/// outputs"): all outputs of the task are committed, nothing in its fingerprint changed in git after them, and its upstream is adopted too.
/// </summary>
/// <remarks>
/// Whether something changed is asked of the fingerprints: the one at the commit that last touched an output, made with the outputs committed
/// there, has to be today's. Deletions, merges and edits of <c>dependencies.yaml</c> need no rules of their own then.
/// </remarks>
public sealed class Adopter(JobLoader loader, RevisionContents contents, TimeProvider time)
{
    /// <summary>How many commits are looked back at; outputs that more of them touched are computed.</summary>
    private const int MaxCommits = 50;

    /// <summary>The results to adopt, dependencies first; nothing is stored but the contents.</summary>
    public async Task<ImmutableArray<TaskResult>> FindAsync(
        LoadedJob loaded, IJobStore store, RunId run, string engine, CancellationToken cancellationToken)
    {
        var now = await CommittedOutputs.ReadAsync(loaded, contents, store.Blobs, cancellationToken);
        var paths = now.All.Select(file => file.Path).ToHashSet();
        if (paths.Count == 0)
        {
            return [];
        }

        var changes = await loaded.Repository.LastChangesAsync(loaded.Revision.Commit, loaded.Job.DataFolder, paths, cancellationToken);
        var before = new Dictionary<CommitId, CommittedOutputs?> { [loaded.Revision.Commit] = now };
        var adopted = new Dictionary<int, TaskResult>();
        foreach (var task in loaded.Job.Order.Select(index => loaded.Job.Tasks[index]))
        {
            if (now.Of(task.Index) is { } outputs
                && task.Upstream.All(adopted.ContainsKey)
                && now.FieldsOf(task.Task.Name) is { } fields
                && await WasMadeSoAsync(task, fields))
            {
                adopted.Add(task.Index, AdoptedResult.Of(task.Task, fields, outputs, loaded.Revision.Commit, run, engine, time.GetUtcNow()));
            }
        }

        await now.KeepAsync(adopted.Keys, store.Blobs, cancellationToken);
        return [.. adopted.Values];

        async Task<bool> WasMadeSoAsync(ResolvedTask task, ImmutableArray<FingerprintField> fields)
        {
            foreach (var touched in now.FilesOf(task.Index).GroupBy(file => changes.GetValueOrDefault(file.Path)))
            {
                if (touched.Key == default
                    || await AtAsync(touched.Key) is not { } then
                    || then.FieldsOf(task.Task.Name) is not { } old
                    || !old.SequenceEqual(fields)
                    || !touched.All(then.Has))
                {
                    return false;
                }
            }

            return true;
        }

        async Task<CommittedOutputs?> AtAsync(CommitId commit)
        {
            if (!before.TryGetValue(commit, out var known))
            {
                known = before.Count > MaxCommits ? null : await ReadAsync(loaded, store, commit, cancellationToken);
                before.Add(commit, known);
            }

            return known;
        }
    }

    private async Task<CommittedOutputs?> ReadAsync(LoadedJob loaded, IJobStore store, CommitId commit, CancellationToken cancellationToken)
    {
        try
        {
            // Git does not know what a tag meant then: one that is written the same is taken for the same.
            var then = await loader.LoadAsync(loaded.Job.Name, loaded.Repository.Url, commit, store.Blobs, cancellationToken);
            return await CommittedOutputs.ReadAsync(then.With(loaded.Images), contents, store.Blobs, cancellationToken);
        }
        catch (SluiceException exception) when (exception.Kind == FaultKind.Unprocessable)
        {
            // What could not be read then, a broken job or a history that is not here, cannot have said the same.
            return null;
        }
    }
}
