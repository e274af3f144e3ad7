using Sluice.Core.Jobs;

namespace Sluice.Adapters.Yaml;

/// <summary>Checks the tasks against each other: names and outputs.</summary>
/// <param name="tasks">The tasks, those included that have mistakes of their own.</param>
/// <param name="places">Where their outputs stand.</param>
/// <param name="found">Where mistakes go.</param>
/// <param name="doubtful">Names that could not be read.</param>
/// <param name="clashing">Where outputs go that clash.</param>
internal sealed class ManifestChecks(
    IReadOnlyList<JobTask> tasks,
    ManifestPlaces places,
    FoundMistakes found,
    IReadOnlySet<(string Owner, string Field)> doubtful,
    HashSet<DataPath> clashing)
{
    /// <summary>Reports every clash.</summary>
    public void Check()
    {
        CheckNames();
        CheckOutputs();
    }

    private void CheckNames()
    {
        var byName = new Dictionary<string, JobTask>(StringComparer.OrdinalIgnoreCase);
        var named = tasks.Where(task => !doubtful.Contains((task.Name.Value, "name"))).ToList();
        foreach (var task in named)
        {
            if (!byName.TryAdd(task.Name.Value, task))
            {
                Report(task.Position, $"The tasks '{byName[task.Name.Value].Name}' and '{task.Name}' differ only by case.", "Rename one: some file systems would mix up their logs.");
            }
        }

        foreach (var task in named)
        {
            foreach (var folder in Ancestors(task.Name.Value).Where(byName.ContainsKey))
            {
                Report(task.Position, $"The task '{folder}' is named like a folder of the task '{task.Name}'.", "Rename one: their logs would share a folder.");
            }
        }
    }

    private void CheckOutputs()
    {
        var owners = new Dictionary<string, (JobTask Task, DataPath Output)>(StringComparer.OrdinalIgnoreCase);
        foreach (var task in tasks)
        {
            foreach (var output in task.Outputs)
            {
                if (!owners.TryAdd(output.Path.Value, (task, output)))
                {
                    ReportSame(task, output, owners[output.Path.Value]);
                }
            }
        }

        foreach (var (task, output) in owners.Values)
        {
            foreach (var folder in Ancestors(output.Path.Value).Where(owners.ContainsKey))
            {
                var owner = owners[folder];
                ReportClash(
                    task,
                    output,
                    owner.Output,
                    $"The output '{output}' of task '{task.Name}' lies inside the output '{owner.Output}' of task '{owner.Task.Name}'.",
                    "Outputs never nest: write one of them elsewhere.");
            }
        }
    }

    private void ReportSame(JobTask task, DataPath output, (JobTask Task, DataPath Output) owner) => ReportClash(
        task,
        output,
        owner.Output,
        output.Path != owner.Output.Path
            ? $"The outputs '{owner.Output}' of task '{owner.Task.Name}' and '{output}' of task '{task.Name}' differ only by case."
            : task == owner.Task
                ? $"Task '{task.Name}' names its output '{output.Path}' both as a file and as a folder."
                : $"The output '{output}' has two producers, the tasks '{owner.Task.Name}' and '{task.Name}'.",
        "Each output has exactly one producing task.");

    private static IEnumerable<string> Ancestors(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            yield return path[..slash];
        }
    }

    private void ReportClash(JobTask task, DataPath output, DataPath other, string problem, string advice)
    {
        clashing.UnionWith([output, other]);
        Report(places.Find(task.Name.Value, "outputs", output.ToString()) ?? task.Position, problem, advice);
    }

    private void Report(SourcePosition at, string problem, string advice) => found.Add(at, "", problem, advice);
}
