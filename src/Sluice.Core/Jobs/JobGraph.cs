using System.Collections.Immutable;

namespace Sluice.Core.Jobs;

/// <summary>Who waits for whom, from the declared inputs and outputs alone.</summary>
internal sealed class JobGraph
{
    private readonly Dictionary<RepoPath, int> _files = [];
    private readonly Dictionary<RepoPath, int> _folders = [];
    private readonly Dictionary<RepoPath, SortedSet<int>> _below = [];

    /// <summary>Indexes the producers. Outputs are known to be distinct and not to nest.</summary>
    public JobGraph(ImmutableArray<JobTask> tasks)
    {
        for (var index = 0; index < tasks.Length; index++)
        {
            foreach (var output in tasks[index].Outputs)
            {
                (output.IsFolder ? _folders : _files)[output.Path] = index;
                foreach (var folder in Ancestors(output.Path))
                {
                    if (!_below.TryGetValue(folder, out var producers))
                    {
                        _below.Add(folder, producers = []);
                    }

                    producers.Add(index);
                }
            }
        }
    }

    /// <summary>The tasks that make an input or a part of it.</summary>
    public ImmutableArray<int> ProducersOf(DataPath input)
    {
        var producers = new SortedSet<int>();
        if (input.IsFolder)
        {
            producers.UnionWith(_below.GetValueOrDefault(input.Path) ?? []);
        }
        else if (_files.TryGetValue(input.Path, out var producer))
        {
            producers.Add(producer);
        }

        // The folder itself, and a folder above it, may be somebody's output.
        foreach (var folder in Ancestors(input.Path).Append(input.Path))
        {
            if (_folders.TryGetValue(folder, out var owner))
            {
                producers.Add(owner);
            }
        }

        return [.. producers];
    }

    /// <summary>Whether a file of the data folder is somebody's output.</summary>
    public bool IsOutput(RepoPath file) => _files.ContainsKey(file) || Ancestors(file).Any(_folders.ContainsKey);

    private static IEnumerable<RepoPath> Ancestors(RepoPath path)
    {
        for (var slash = path.Value.LastIndexOf('/'); slash > 0; slash = path.Value.LastIndexOf('/', slash - 1))
        {
            yield return RepoPath.Trusted(path.Value[..slash]);
        }
    }
}
