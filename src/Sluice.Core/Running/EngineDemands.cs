using Sluice.Core.Jobs;

namespace Sluice.Core.Running;

/// <summary>What an engine needs of a job's tasks, and what it does not give them.</summary>
internal static class EngineDemands
{
    /// <summary>Holds a job against an engine.</summary>
    /// <exception cref="BrokenRepositoryException">Some tasks cannot run there; names them all.</exception>
    public static void Check(ResolvedJob job, IEngine engine)
    {
        var mistakes = new FoundMistakes();
        foreach (var task in job.Tasks.Select(task => task.Task))
        {
            if (engine.UsesImages && task.Image is null)
            {
                mistakes.Add(
                    task.Position,
                    $"Task '{task.Name}'",
                    "has no image, and this engine runs tasks in images.",
                    "Write an image, or one for all tasks below $job.defaults.");
            }

            if (task.UsesNetwork && !engine.HasNetwork)
            {
                mistakes.Add(
                    task.Position,
                    $"Task '{task.Name}'",
                    "asks for the network, and this engine gives tasks none.",
                    "Take 'network' out, or have the service allow it (SLUICE_CONTAINER__NETWORK).");
            }
        }

        if (mistakes.Reports > 0)
        {
            throw BrokenRepositoryException.Of(mistakes.All);
        }
    }
}
