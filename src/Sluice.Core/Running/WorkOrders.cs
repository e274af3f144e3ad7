using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Running;

/// <summary>Says what has to be at hand for a task to be executed.</summary>
/// <param name="run">The run.</param>
/// <param name="commit">Its commit.</param>
/// <param name="job">The job.</param>
/// <param name="fields">Knows the files.</param>
/// <param name="contents">Where contents come from and go to.</param>
/// <param name="parameters">The values of <c>params.yaml</c> by dotted key, as YAML.</param>
/// <param name="images">The digests of images that were looked up, by the image as it is written.</param>
/// <param name="undeclared">Files of the job that a task did not declare, by name; asked for when it misses one.</param>
internal sealed class WorkOrders(
    RunId run,
    CommitId commit,
    JobName job,
    FieldBuilder fields,
    ITaskContents contents,
    IReadOnlyDictionary<string, string> parameters,
    IReadOnlyDictionary<string, Digest> images,
    Func<ResolvedTask, IEnumerable<string>> undeclared)
{
    /// <summary>The orders of a plan that is carried out on this machine.</summary>
    public static WorkOrders Of(PlannedRun planned, RunId run) => new(
        run, planned.Revision.Commit, planned.Job.Name, planned.Fields, planned.Store.Blobs, planned.Parameters, planned.Images, planned.UndeclaredBy);

    /// <summary>The files of all inputs, each once.</summary>
    /// <param name="task">A task all of whose upstream has a result.</param>
    /// <param name="outputsOf">The outputs of an upstream task, by its index.</param>
    public List<StoredFile> InputsOf(ResolvedTask task, Func<int, ImmutableArray<StoredFile>?> outputsOf) =>
        [.. task.Inputs.SelectMany(input => fields.FilesOf(input, outputsOf)!).DistinctBy(file => file.Path)];

    /// <summary>The work.</summary>
    public TaskWork Of(ResolvedTask task, IReadOnlyList<StoredFile> inputs) => new()
    {
        Run = run,
        Job = job,
        Task = task,
        Image = task.Task.Image is { } image ? TaskImage.RunsAs(image, commit, images) : null,
        AwaitsImage = task.Task.Image is { } awaited && !images.ContainsKey(awaited) && TaskImage.BuiltOf(task.Task, commit) is not null,
        Contents = contents,
        Code = CodeOf(task),
        Inputs = inputs,
        Parameters = ParameterFile.Of(task.Task, parameters),
        RunVariables = RunVariables.Of(task.Task, commit, run),
        Undeclared = () => undeclared(task),
    };

    private List<StoredFile> CodeOf(ResolvedTask task) =>
    [
        .. task.Code.Files
            .Concat(task.EnvironmentFiles.Files)
            .Concat(task.Script is { } script ? [script] : [])
            .DistinctBy(file => file.Path)
            .Select(file => fields.Stored(file, file.Path)),
    ];
}
