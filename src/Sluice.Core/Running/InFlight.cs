using Sluice.Core.Jobs;
using Sluice.Core.Results;

namespace Sluice.Core.Running;

/// <summary>Lets only one run at a time compute a fingerprint; the next in line finds its result, or computes it when it failed.</summary>
public sealed class InFlight
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(JobName Job, Fingerprint Fingerprint), Line> _lines = [];

    /// <summary>Waits for the turn; disposing it lets the next one in.</summary>
    public async Task<Turn> EnterAsync(JobName job, Fingerprint fingerprint, CancellationToken cancellationToken)
    {
        var key = (job, fingerprint);
        var line = Join(key);
        var hadToWait = !line.Turn.Wait(0, CancellationToken.None);
        if (hadToWait)
        {
            try
            {
                await line.Turn.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Leave(key, line);
                throw;
            }
        }

        return TurnOf(key, line, hadToWait);
    }

    /// <summary>The turn, where it can be had without waiting; else null.</summary>
    public Turn? TryEnter(JobName job, Fingerprint fingerprint)
    {
        var key = (job, fingerprint);
        var line = Join(key);
        if (line.Turn.Wait(0, CancellationToken.None))
        {
            return TurnOf(key, line, hadToWait: false);
        }

        Leave(key, line);
        return null;
    }

    private Line Join((JobName Job, Fingerprint Fingerprint) key)
    {
        lock (_lock)
        {
            if (!_lines.TryGetValue(key, out var line))
            {
                _lines.Add(key, line = new Line());
            }

            line.Users++;
            return line;
        }
    }

    private Turn TurnOf((JobName Job, Fingerprint Fingerprint) key, Line line, bool hadToWait) => new(hadToWait, () =>
    {
        line.Turn.Release();
        Leave(key, line);
    });

    private void Leave((JobName Job, Fingerprint Fingerprint) key, Line line)
    {
        lock (_lock)
        {
            if (--line.Users == 0)
            {
                _lines.Remove(key);
                line.Turn.Dispose();
            }
        }
    }

    /// <summary>The right to compute.</summary>
    /// <param name="HadToWait">Another was computing: its result may be there now.</param>
    /// <param name="Release">Passes the right on.</param>
    public sealed record Turn(bool HadToWait, Action Release) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => Release();
    }

    private sealed class Line
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public int Users { get; set; }
    }
}
