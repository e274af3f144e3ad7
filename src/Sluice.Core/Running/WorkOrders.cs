using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;

namespace Sluice.Core.Running;

/// <summary>Says what has to be at hand for a task of a plan to be executed.</summary>
internal sealed class WorkOrders(PlannedRun planned, RunId run)
{
    /// <summary>The files of all inputs, each once.</summary>
    /// <param name="task">A task all of whose upstream has a result.</param>
    /// <param name="outputsOf">The outputs of an upstream task, by its index.</param>
    public List<StoredFile> InputsOf(ResolvedTask task, Func<int, ImmutableArray<StoredFile>?> outputsOf) =>
        [.. task.Inputs.SelectMany(input => planned.Fields.FilesOf(input, outputsOf)!).DistinctBy(file => file.Path)];

    /// <summary>The work.</summary>
    public TaskWork Of(ResolvedTask task, IReadOnlyList<StoredFile> inputs) => new()
    {
        Run = run,
        Job = planned.Job.Name,
        Task = task,
        Blobs = planned.Store.Blobs,
        Code = CodeOf(task),
        Inputs = inputs,
        Parameters = ParameterFile.Of(task.Task, planned.Parameters),
        RunVariables = RunVariables.Of(task.Task, planned.Revision.Commit, run),
        Undeclared = () => UndeclaredBy(task, inputs),
    };

    private List<StoredFile> CodeOf(ResolvedTask task) =>
    [
        .. task.Code.Files
            .Concat(task.EnvironmentFiles.Files)
            .Concat(task.Script is { } script ? [script] : [])
            .DistinctBy(file => file.Path)
            .Select(file => planned.Fields.Stored(file, file.Path)),
    ];

    private IEnumerable<string> UndeclaredBy(ResolvedTask task, IReadOnlyList<StoredFile> inputs)
    {
        var seen = CodeOf(task).Select(file => file.Path.Value)
            .Concat(inputs.Select(file => file.Path.In(planned.Job.DataFolder).Value))
            .ToHashSet();
        var made = planned.Job.Tasks.SelectMany(other => other.Task.Outputs).Where(output => !output.IsFolder)
            .Select(output => output.Path.In(planned.Job.DataFolder).Value);
        return planned.Revision.Files.Select(file => file.Path.Value).Concat(made).Where(path => !seen.Contains(path));
    }
}
