using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Results;
using Sluice.Core.Revisions;
using Sluice.Core.Running;

namespace Sluice.Testing.Database;

/// <summary>Runs and tasks to store.</summary>
public static class TestRuns
{
    /// <summary>When everything happens.</summary>
    public static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A job's name.</summary>
    public static JobName Job { get; } = JobName.Parse("job");

    /// <summary>A commit of which all digits are the same.</summary>
    public static CommitId Commit(char digit = 'a') => CommitId.Parse(new string(digit, 40));

    /// <summary>A queued run, made some milliseconds after noon.</summary>
    public static Run Run(int milliseconds = 0, string job = "job", char commit = 'a') => new()
    {
        Id = RunId.New(Noon.AddMilliseconds(milliseconds)),
        Job = JobName.Parse(job),
        Url = "https://example.org/team/job",
        Ref = "main",
        Commit = Commit(commit),
        Engine = "process",
        CreatedAt = Noon,
    };

    /// <summary>The run, ended well.</summary>
    public static Run Succeeded(Run run) => run with { Status = RunStatus.Succeeded, FinishedAt = Noon.AddMinutes(1) };

    /// <summary>A task.</summary>
    public static TaskRun TaskOf(int index, TaskState state) => new()
    {
        Name = new TaskName($"task_{index}"),
        Index = index,
        Planned = state == TaskState.Unchanged ? PlannedState.Unchanged : PlannedState.Run,
        State = state,
        Reasons = [new Reason(ReasonCode.CodeChanged, "src/job/a.py", "changed")],
        Fingerprint = new Fingerprint(Digest.Of($"{index}")),
    };

    /// <summary>Tasks of one state.</summary>
    public static IReadOnlyList<TaskRun> Tasks(TaskState state, params IEnumerable<int> indexes) => [.. indexes.Select(index => TaskOf(index, state))];
}
