namespace Sluice.Adapters.Argo;

/// <summary>How often the cluster is asked, and how long it is waited for.</summary>
internal sealed record FollowPace
{
    /// <summary>What a service does.</summary>
    public static FollowPace Usual { get; } = new();

    /// <summary>Least time between two statuses.</summary>
    public TimeSpan Statuses { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Time between two looks at pods that have not begun.</summary>
    public TimeSpan Pods { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long trouble with the connection is waited out.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>First pause after trouble; each further one is twice as long, up to <see cref="MaxPause"/>.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest pause.</summary>
    public TimeSpan MaxPause { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Longest time for one answer.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a watch stays open.</summary>
    public TimeSpan Watch { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long Argo may take to end what was stopped.</summary>
    public TimeSpan End { get; init; } = TimeSpan.FromMinutes(2);
}
