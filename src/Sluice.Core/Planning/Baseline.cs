using Sluice.Core.Jobs;
using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Core.Planning;

/// <summary>The stored commit that a revision is compared with (contract, section 2).</summary>
public sealed class Baseline(CommitRecord record)
{
    private readonly Dictionary<TaskName, RecordedTask> _tasks = record.Tasks.ToDictionary(task => task.Name);

    /// <summary>Which commit.</summary>
    public CommitId Commit => Record.Commit;

    /// <summary>What is stored for it.</summary>
    public CommitRecord Record { get; } = record;

    /// <summary>What it has for a task of that name, or null.</summary>
    public RecordedTask? Find(TaskName name) => _tasks.GetValueOrDefault(name);
}
