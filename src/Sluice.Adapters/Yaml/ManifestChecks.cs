using Sluice.Core.Jobs;

namespace Sluice.Adapters.Yaml;

/// <summary>Checks the tasks against each other: names and outputs.</summary>
internal sealed class ManifestChecks(IReadOnlyList<JobTask> tasks, List<Mistake> mistakes)
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
        foreach (var task in tasks)
        {
            if (!byName.TryAdd(task.Name.Value, task))
            {
                Report(task, $"The tasks '{byName[task.Name.Value].Name}' and '{task.Name}' differ only by case.", "Rename one: some file systems would mix up their logs.");
            }
        }

        foreach (var task in tasks)
        {
            foreach (var folder in Ancestors(task.Name.Value).Where(byName.ContainsKey))
            {
                Report(task, $"The task '{folder}' is named like a folder of the task '{task.Name}'.", "Rename one: their logs would share a folder.");
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
                Report(
                    task,
                    $"The output '{output}' of task '{task.Name}' lies inside the output '{owner.Output}' of task '{owner.Task.Name}'.",
                    "Outputs never nest: write one of them elsewhere.");
            }
        }
    }

    private void ReportSame(JobTask task, DataPath output, (JobTask Task, DataPath Output) owner) => Report(
        task,
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

    private void Report(JobTask task, string problem, string advice) =>
        mistakes.Add(new Mistake(Manifest.FileName, task.Position.Line, task.Position.Column, problem, advice));
}
