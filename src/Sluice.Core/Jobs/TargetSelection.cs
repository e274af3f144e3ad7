namespace Sluice.Core.Jobs;

/// <summary>Finds the tasks that a request named, by task or by output, with all they need.</summary>
public static class TargetSelection
{
    // Outputs are declared relative to the data folder; a person sees them below it.
    private const string WorkData = "data/";

    /// <summary>The indexes of the wanted tasks; null when nothing is named: the whole job.</summary>
    /// <exception cref="SluiceException">A name is neither a task nor an output (BadRequest); names them all.</exception>
    public static IReadOnlySet<int>? Find(ResolvedJob job, IReadOnlyCollection<string> targets)
    {
        if (targets.Count == 0)
        {
            return null;
        }

        var found = targets.Distinct().ToDictionary(target => target, target => Match(job, target));
        var unknown = found.Where(pair => pair.Value is null).Select(pair => WithNearest(job, pair.Key)).ToList();
        if (unknown.Count > 0)
        {
            throw new SluiceException(
                FaultKind.BadRequest,
                "unknown-target",
                $"{string.Join(", ", unknown)}: neither a task nor an output of this job; see `sluice dag`.");
        }

        var wanted = new HashSet<int>();
        var waiting = new Stack<int>(found.Values.Select(index => index!.Value));
        while (waiting.TryPop(out var index))
        {
            if (wanted.Add(index))
            {
                foreach (var upstream in job.Tasks[index].Upstream)
                {
                    waiting.Push(upstream);
                }
            }
        }

        return wanted;
    }

    private static int? Match(ResolvedJob job, string target)
    {
        var byName = job.Tasks.FirstOrDefault(task => task.Task.Name.Value == target);
        if (byName is not null)
        {
            return byName.Index;
        }

        return MatchOutput(job, target) ?? (target.StartsWith(WorkData, StringComparison.Ordinal) ? MatchOutput(job, target[WorkData.Length..]) : null);
    }

    private static int? MatchOutput(ResolvedJob job, string target)
    {
        var isPath = RepoPath.Check(target, out var path) is null;
        return job.Tasks
            .FirstOrDefault(task => isPath && task.Task.Outputs.Any(output => output.Path == path || output.Covers(path)))
            ?.Index;
    }

    private static string WithNearest(ResolvedJob job, string target) =>
        NearestName.Find(target, job.Tasks.Select(task => task.Task.Name.Value)) is { } nearest ? $"'{target}' (did you mean '{nearest}'?)" : $"'{target}'";
}
