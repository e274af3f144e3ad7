using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Server.Application;

/// <summary>Finds what stood for a task in a run, whatever was computed since.</summary>
internal static class RecordedResults
{
    /// <summary>
    /// What the run published; else what the run that it was taken from left or published, since a later execution replaces the result of a
    /// fingerprint but no record; else the result as it is now. Null for a task that has none.
    /// </summary>
    public static async Task<RecordedTask?> FindAsync(IJobStore space, Run run, TaskRun task, CancellationToken cancellationToken)
    {
        if (task is not { Fingerprint: { } fingerprint, ResultRun: { } maker })
        {
            return null;
        }

        if (await space.FindRecordAsync(run.Commit, run.Id, cancellationToken) is { } own
            && own.Tasks.FirstOrDefault(it => it.Name == task.Name) is { } published)
        {
            return published;
        }

        var result = await space.FindResultAsync(fingerprint, cancellationToken);
        if (result?.Provenance.Run != maker
            && task.ResultCommit is { } commit
            && await space.FindRecordAsync(commit, maker, cancellationToken) is { } makers
            && makers.Tasks.FirstOrDefault(it => it.Fingerprint == fingerprint) is { } made)
        {
            return made;
        }

        return result is null ? null : RecordedTask.Of(task.Name, result);
    }
}
