using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>
/// Finds tasks whose image was built for their commit and pushed again since: its name alone is in the fingerprint, so that only the commit's own
/// record tells (contract, <c>POST /sync</c>).
/// </summary>
internal static class MovedImages
{
    /// <summary>The tasks, each with the two digests as its reason.</summary>
    /// <param name="job">The job.</param>
    /// <param name="commit">Its commit.</param>
    /// <param name="images">The digests that were looked up now, by the image as it is written.</param>
    /// <param name="baseline">What is compared with; only the commit's own record says what its images were.</param>
    public static ImmutableDictionary<TaskName, Reason> Find(
        ResolvedJob job, CommitId commit, IReadOnlyDictionary<string, Digest> images, Baseline? baseline)
    {
        var moved = ImmutableDictionary.CreateBuilder<TaskName, Reason>();
        foreach (var task in baseline?.Commit == commit ? job.Tasks.Select(task => task.Task) : [])
        {
            if (TaskImage.BuiltOf(task, commit) is { } built
                && images.TryGetValue(task.Image!, out var now)
                && baseline!.Record.Images.TryGetValue(task.Image!, out var before)
                && before != now)
            {
                moved[task.Name] = Reasons.OfImage(built, before, now);
            }
        }

        return moved.ToImmutable();
    }
}
