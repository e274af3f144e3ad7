namespace Sluice.Adapters.Argo;

/// <summary>The pauses between tries of something that fails: each twice as long as the one before, and none like another's.</summary>
internal sealed class Pauses(FollowPace pace, TimeProvider time)
{
    private long? _since;

    /// <summary>How many there were since it last went well.</summary>
    public int Count { get; private set; }

    /// <summary>Whether it has failed for longer than it is waited out.</summary>
    public bool IsOver => _since is { } since && time.GetElapsedTime(since) >= pace.Patience;

    /// <summary>It went well.</summary>
    public void Reset() => (_since, Count) = (null, 0);

    /// <summary>Waits for the next try; for as long as the server asks for, where it does, within reason.</summary>
    public async Task WaitAsync(TimeSpan? asked, CancellationToken cancellationToken)
    {
        _since ??= time.GetTimestamp();
        var usual = pace.FirstPause * Math.Pow(2, Math.Min(Count++, 16)) * (0.75 + (Random.Shared.NextDouble() / 2));
        var pause = asked is { } told && told > usual ? told : usual;
        await Task.Delay(pause < pace.MaxPause ? pause : pace.MaxPause, time, cancellationToken);
    }
}
