using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>Finds the digests that a plan needs, and says of all images together what is wrong with them. See docs/design/images.md.</summary>
/// <remarks>A digest that counts and is not to be had stops the plan: nothing ever runs by its tag in its place.</remarks>
public sealed class ImageLookup(IImageResolver resolver, IEngine engine)
{
    /// <summary>The digests by the image as it is written; empty where none counts, and nobody is asked then.</summary>
    /// <param name="job">The job.</param>
    /// <param name="commit">Its commit.</param>
    /// <param name="looksAgain">Whether to look at those too that were built for the commit, and count by their names.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BrokenRepositoryException">The author has to act for at least one image; names them all.</exception>
    /// <exception cref="SluiceException">Registries did not answer (Unavailable), or gave answers that are none (BadGateway).</exception>
    public async Task<ImmutableSortedDictionary<string, Digest>> FindAsync(
        ResolvedJob job, CommitId commit, bool looksAgain, CancellationToken cancellationToken)
    {
        if (!engine.UsesImages)
        {
            return ImmutableSortedDictionary<string, Digest>.Empty;
        }

        var wanted = job.Tasks
            .Select(task => (task.Task, Reference: TaskImage.LookupOf(task.Task, commit) ?? (looksAgain ? TaskImage.BuiltOf(task.Task, commit) : null)))
            .Where(pair => pair.Reference is not null)
            .GroupBy(pair => pair.Reference!, pair => pair.Task)
            .ToList();
        if (wanted.Count == 0)
        {
            return ImmutableSortedDictionary<string, Digest>.Empty;
        }

        var answers = await resolver.ResolveAsync([.. wanted.Select(group => group.Key)], engine.Environment, cancellationToken);

        // What is built for the commit and not there yet is waited for by its tasks, in a sync as in any run.
        var failed = wanted.Where(group => answers[group.Key] is { Digest: null } answer && !(answer.IsMissing && group.All(task => TaskImage.BuiltOf(task, commit) is not null)));
        CheckAnswers([.. failed.Select(group => new Failure(group.Key, [.. group], answers[group.Key]))]);
        return wanted
            .Where(group => answers[group.Key].Digest is not null)
            .SelectMany(group => group.Select(task => task.Image!).Distinct().Select(image => (image, answers[group.Key].Digest!.Value)))
            .ToImmutableSortedDictionary(pair => pair.image, pair => pair.Value, StringComparer.Ordinal);
    }

    /// <summary>
    /// The digests of images that were built for the commit, as far as they are to be had: what nobody answers is left out, and what is not there yet
    /// is looked for again when the tasks have ended, since they wait for it.
    /// </summary>
    /// <param name="tasks">The tasks that run.</param>
    /// <param name="commit">Their commit.</param>
    /// <param name="running">Their end, and whether all succeeded.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<ImmutableSortedDictionary<string, Digest>> FindBuiltAsync(
        IEnumerable<JobTask> tasks, CommitId commit, Task<bool> running, CancellationToken cancellationToken)
    {
        var built = tasks
            .Where(task => engine.UsesImages && TaskImage.BuiltOf(task, commit) is not null)
            .GroupBy(task => task.Image!, task => TaskImage.BuiltOf(task, commit)!)
            .ToDictionary(group => group.Key, group => group.First());
        if (built.Count == 0)
        {
            return ImmutableSortedDictionary<string, Digest>.Empty;
        }

        var answers = new Dictionary<string, ImageAnswer>(await resolver.ResolveAsync([.. built.Values.Distinct()], engine.Environment, cancellationToken));
        var late = answers.Where(answer => answer.Value.Fault == FaultKind.Unprocessable).Select(answer => answer.Key).ToList();
        await Task.WhenAny(running);
        if (late.Count > 0 && running.IsCompletedSuccessfully && await running)
        {
            foreach (var (image, answer) in await resolver.ResolveAsync(late, engine.Environment, cancellationToken))
            {
                answers[image] = answer;
            }
        }

        return built
            .Where(pair => answers[pair.Value].Digest is not null)
            .ToImmutableSortedDictionary(pair => pair.Key, pair => answers[pair.Value].Digest!.Value, StringComparer.Ordinal);
    }

    private static void CheckAnswers(IReadOnlyList<Failure> failures)
    {
        if (failures.Count == 0)
        {
            return;
        }

        // Together with what the author has to do, what others have: it is to be known at once.
        if (failures.Any(failure => failure.Answer.Fault == FaultKind.Unprocessable))
        {
            throw BrokenRepositoryException.Of(failures.Select(failure => failure.Mistake));
        }

        var isAnswered = failures.All(failure => failure.Answer.Fault == FaultKind.BadGateway);
        throw new SluiceException(
            isAnswered ? FaultKind.BadGateway : FaultKind.Unavailable,
            isAnswered ? "registry-answer" : "registry-unavailable",
            string.Join(' ', failures.Select(failure => $"{failure.Owner}: {failure.Problem} {failure.Answer.Advice}")));
    }

    private sealed record Failure(string Reference, IReadOnlyList<JobTask> Tasks, ImageAnswer Answer)
    {
        public string Owner => $"Task '{Tasks[0].Name}'{(Tasks.Count > 1 ? $" and {Tasks.Count - 1} more" : "")}";

        public string Problem => $"the image '{Reference}' {Answer.Problem}.";

        public Mistake Mistake =>
            new(Manifest.FileName, Tasks[0].Position.Line, Tasks[0].Position.Column, $"{Owner}: {Problem}", Answer.Advice);
    }
}
