using System.Collections.Immutable;

namespace Sluice.Core.Jobs;

/// <summary>Who waits for whom, from the declared inputs and outputs alone.</summary>
internal sealed class JobGraph
{
    private readonly Dictionary<RepoPath, int> _files = [];
    private readonly Dictionary<RepoPath, int> _folders = [];
    private readonly Dictionary<RepoPath, SortedSet<int>> _below = [];

    /// <summary>Indexes the producers. Outputs are distinct and do not nest, or that is a mistake which is known already.</summary>
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
            producers.UnionWith(ProducersBelow(input.Path));
        }
        else if (_files.TryGetValue(input.Path, out var producer))
        {
            producers.Add(producer);
        }

        // A folder above it may be somebody's output, and a folder itself; a file is none.
        foreach (var folder in input.IsFolder ? Ancestors(input.Path).Append(input.Path) : Ancestors(input.Path))
        {
            if (_folders.TryGetValue(folder, out var owner))
            {
                producers.Add(owner);
            }
        }

        return [.. producers];
    }

    /// <summary>The tasks with an output below a path.</summary>
    public IReadOnlyCollection<int> ProducersBelow(RepoPath path) => _below.GetValueOrDefault(path) ?? [];

    /// <summary>Whether a file of the data folder is somebody's output.</summary>
    public bool IsOutput(RepoPath file) => _files.ContainsKey(file) || Ancestors(file).Any(_folders.ContainsKey);

    /// <summary>The folders above a path, the nearest first.</summary>
    public static IEnumerable<RepoPath> Ancestors(RepoPath path)
    {
        for (var slash = path.Value.LastIndexOf('/'); slash > 0; slash = path.Value.LastIndexOf('/', slash - 1))
        {
            yield return RepoPath.Trusted(path.Value[..slash]);
        }
    }
}
