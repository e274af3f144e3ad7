namespace Sluice.Core.Running;

/// <summary>One of the places of <see cref="TaskSlots"/>; one user at a time.</summary>
public sealed class TaskSlot : IDisposable
{
    private readonly SemaphoreSlim _free;
    private bool _isHeld = true;

    internal TaskSlot(SemaphoreSlim free) => _free = free;

    /// <summary>Lets others have it until a wait is over, and waits for one again.</summary>
    public async Task LendAsync(Task wait, CancellationToken cancellationToken)
    {
        Dispose();
        await wait;
        await _free.WaitAsync(cancellationToken);
        _isHeld = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isHeld)
        {
            _isHeld = false;
            _free.Release();
        }
    }
}
