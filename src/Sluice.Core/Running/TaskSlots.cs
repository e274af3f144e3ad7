namespace Sluice.Core.Running;

/// <summary>How many commands run at once on this machine, over all runs (<c>SLUICE_PARALLELISM</c>).</summary>
public sealed class TaskSlots(int count) : IDisposable
{
    private readonly SemaphoreSlim _free = new(count, count);

    /// <summary>All of them.</summary>
    public int Count => count;

    /// <summary>Waits for a free one; disposing the answer frees it again.</summary>
    public async Task<TaskSlot> AcquireAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        return new TaskSlot(_free);
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();
}
