using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>From a commit to a plan: the first half of the main path. Changes nothing that a user sees.</summary>
public sealed class RunPlanner(
    IRepositories repositories, JobLoader loader, IStore store, IEngine engine, ImageLookup lookup, Adopter adopter, Importer importer)
{
    /// <summary>Plans a commit that has been resolved.</summary>
    /// <param name="name">The job; its space in the store is opened.</param>
    /// <param name="url">Its repository.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="options">What the request asked for.</param>
    /// <param name="run">The run that the plan is for; a new id for a plan alone.</param>
    /// <param name="images">What is known of its images, by the image as it is written; null looks them up.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BrokenRepositoryException">The repository has mistakes; names them all.</exception>
    /// <exception cref="SluiceException">A forced task or a target is unknown (BadRequest), or something outside did not answer.</exception>
    public async Task<PlannedRun> PlanAsync(
        JobName name,
        RepositoryUrl url,
        CommitId commit,
        RunOptions options,
        RunId run,
        ImmutableSortedDictionary<string, Digest>? images,
        CancellationToken cancellationToken)
    {
        var space = await store.OpenAsync(name, cancellationToken);

        // Apart: the job comes from git and the baseline from the store, and either takes a while for a large job.
        var finding = Task.Run(() => FindBaselineAsync(url, space, commit, cancellationToken), cancellationToken);
        var loading = LoadAsync(name, url, commit, space, options, images, cancellationToken);
        await Task.WhenAll(loading, finding);
        var (loaded, (baseline, original)) = (await loading, await finding);
        var job = loaded.Job;
        var imported = original is { } known
            ? await importer.FindAsync(space, url, known, run, engine.Name, loaded.Images, cancellationToken)
            : null;
        baseline ??= imported is null ? null : new Baseline(imported.Record);
        var selected = TargetSelection.Find(job, options.Targets);
        var anew = MovedImages.Find(job, commit, loaded.Images, baseline).SetItems(CheckForced(job, options.Force));
        var fields = loaded.Fields;
        var adopted = baseline is null && options.Adopt
            ? await adopter.FindAsync(loaded, space, run, engine.Name, cancellationToken)
            : imported?.Results ?? [];

        // What a failed run has adopted counts no more when everything is to be computed; once a commit is stored, that is settled.
        var adopts = options.Adopt || baseline is not null;
        var look = await space.Blobs.LookAsync(baseline?.Record.Contents ?? [], cancellationToken);
        var reuse = new ReusePolicy(baseline, new AdoptedLookup(new StoreLookup(space, look, adopts), adopted), anew, run);
        var explainer = new PlanExplainer(space, fields, imported);
        var plan = await Planner.CreateAsync(
            job, fields, loaded.KnownFields, reuse, selected, task => RunVariables.Of(task, commit, run), cancellationToken);

        return new PlannedRun
        {
            Repository = loaded.Repository,
            Revision = loaded.Revision,
            Job = job,
            Store = space,
            Plan = await explainer.ExplainAsync(plan, cancellationToken),
            Fields = fields,
            Reuse = new ReusePolicy(baseline, new AdoptedLookup(new StoreLookup(space, look: null, adopts), adopted), anew, run),
            Explainer = explainer,
            Contents = loaded.Contents,
            Parameters = loaded.Parameters,
            Images = loaded.Images,
            Adopted = adopted,
            Warnings = [.. loaded.Revision.Warnings, .. loaded.Warnings, .. CopiesNotRead(job, adopted)],
        };
    }

    private async Task<LoadedJob> LoadAsync(
        JobName name,
        RepositoryUrl url,
        CommitId commit,
        IJobStore space,
        RunOptions options,
        ImmutableSortedDictionary<string, Digest>? images,
        CancellationToken cancellationToken)
    {
        var loaded = await loader.LoadAsync(name, url, commit, space.Blobs, cancellationToken);
        EngineDemands.Check(loaded.Job, engine);
        return loaded.With(images ?? await lookup.FindAsync(loaded.Job, commit, options.LooksAgain, cancellationToken));
    }

    // The stored commit; of one that the original service stored the name alone, since its fingerprints follow from the images.
    private async Task<(Baseline? Baseline, CommitId? Original)> FindBaselineAsync(
        RepositoryUrl url, IJobStore space, CommitId commit, CancellationToken cancellationToken)
    {
        var repository = await repositories.OpenAsync(url, cancellationToken);
        if (await BaselineFinder.FindAsync(repository, space, commit, cancellationToken) is not { } found)
        {
            return (null, null);
        }

        if (found.IsImported)
        {
            return (null, found.Commit);
        }

        return (await space.FindRecordAsync(found.Commit, run: null, cancellationToken) is { } record ? new Baseline(record) : null, null);
    }

    private static ImmutableArray<string> CopiesNotRead(ResolvedJob job, ImmutableArray<TaskResult> adopted)
    {
        var taken = adopted.SelectMany(result => result.Files.Outputs).Select(file => file.Path.In(job.DataFolder)).ToHashSet();
        var copies = job.Copies.Where(path => !taken.Contains(path)).ToList();
        return copies.Count == 0
            ? []
            : [$"{copies[0]}{(copies.Count > 1 ? $" and {copies.Count - 1} more" : "")}: committed copies of outputs are not read, the tasks' own results are"];
    }

    private static IEnumerable<KeyValuePair<TaskName, Reason>> CheckForced(ResolvedJob job, ImmutableArray<TaskName> forced)
    {
        var names = job.Tasks.Select(task => task.Task.Name).ToHashSet();
        var unknown = forced.Where(name => !names.Contains(name))
            .Select(name => NearestName.Find(name.Value, names.Select(known => known.Value)) is { } nearest ? $"'{name}' (did you mean '{nearest}'?)" : $"'{name}'")
            .ToList();
        return unknown.Count == 0
            ? forced.Select(name => KeyValuePair.Create(name, new Reason(ReasonCode.Forced, "", "asked for")))
            : throw new SluiceException(
                FaultKind.BadRequest, "unknown-task", $"force: this job has no task {string.Join(", ", unknown)}; see `sluice dag`.");
    }
}
