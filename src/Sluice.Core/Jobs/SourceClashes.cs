using Sluice.Core.Revisions;

namespace Sluice.Core.Jobs;

/// <summary>Finds outputs that cannot be beside the source files: a file where those have a folder, or the reverse, or a name that differs only by case.</summary>
internal sealed class SourceClashes(Manifest manifest, JobGraph graph, JobMistakes mistakes)
{
    private const string Advice = "Write the output elsewhere, or take those files out of the repository.";

    /// <summary>Reports every clash.</summary>
    /// <param name="sources">The files of the data folder that are no copies of outputs.</param>
    public void Check(IEnumerable<RevisionFile> sources)
    {
        var outputs = new Dictionary<string, (JobTask Task, DataPath Output)>(StringComparer.OrdinalIgnoreCase);
        foreach (var task in manifest.Tasks)
        {
            foreach (var output in task.Outputs)
            {
                outputs.TryAdd(output.Path.Value, (task, output));
            }
        }

        var files = new HashSet<string>();
        var lookup = outputs.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var source in sources.Where(file => file.IsReadable).Select(file => file.Path.RelativeTo(manifest.Settings.DataFolder)))
        {
            var path = source.Value;
            for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
            {
                if (lookup.TryGetValue(path.AsSpan(0, end), out var clash))
                {
                    Report(clash.Task, clash.Output, path[..end], isFolder: end < path.Length);
                }
            }

            if (graph.ProducersBelow(source).Count > 0)
            {
                files.Add(path);
            }
        }

        if (files.Count > 0)
        {
            ReportBelow(files);
        }
    }

    private void ReportBelow(HashSet<string> files)
    {
        foreach (var task in manifest.Tasks)
        {
            foreach (var output in task.Outputs)
            {
                foreach (var file in JobGraph.Ancestors(output.Path).Select(folder => folder.Value).Where(files.Contains))
                {
                    Report(task, output, $"lies below '{InRepository(file)}', which is a file of the repository.");
                }
            }
        }
    }

    private void Report(JobTask task, DataPath output, string path, bool isFolder) => Report(
        task,
        output,
        output.IsFolder == isFolder ? $"and '{InRepository(path)}' of the repository differ only by case."
        : isFolder ? $"is a file, and '{InRepository(path)}' a folder of the repository."
        : $"is a folder, and '{InRepository(path)}' a file of the repository.");

    private void Report(JobTask task, DataPath output, string clash) =>
        mistakes.Report(task, "outputs", output.ToString(), $"its output '{output}' {clash}", Advice);

    private string InRepository(string path) => $"{manifest.Settings.DataFolder}/{path}";
}
