namespace Sluice.Core.Running;

/// <summary>
/// Where a run stands. It moves forward, but one that is taken up again (after a crash, or since something outside did not answer) is planned
/// anew; what has ended stays so.
/// </summary>
public enum RunStatus
{
    /// <summary>Accepted, not begun.</summary>
    Queued,

    /// <summary>Its revision is read and planned.</summary>
    Planning,

    /// <summary>Its tasks run.</summary>
    Running,

    /// <summary>All tasks are done; the results are stored under the commit.</summary>
    Publishing,

    /// <summary>Ended well; all is durable.</summary>
    Succeeded,

    /// <summary>Ended badly; the results of the tasks that succeeded are kept.</summary>
    Failed,

    /// <summary>Stopped on request, or replaced by a newer push.</summary>
    Cancelled,
}
