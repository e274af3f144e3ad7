namespace Sluice.Core.Running;

/// <summary>What became of a task in a run.</summary>
public enum TaskState
{
    /// <summary>Not decided yet.</summary>
    Pending,

    /// <summary>Its command runs.</summary>
    Running,

    /// <summary>The baseline's result was taken.</summary>
    Unchanged,

    /// <summary>Another commit's result was taken.</summary>
    Cached,

    /// <summary>Files committed to the repository were taken as its result.</summary>
    Adopted,

    /// <summary>Its command ran and succeeded.</summary>
    Executed,

    /// <summary>It might have run, and its upstream gave the same bytes as before.</summary>
    CutOff,

    /// <summary>Its command failed, for good.</summary>
    Failed,

    /// <summary>An upstream task failed.</summary>
    Skipped,

    /// <summary>The run was cancelled before it ended.</summary>
    Cancelled,
}
