namespace Sluice.Testing;

/// <summary>Waits for something outside of this process that tells nobody when it happens.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Waits until the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not.</exception>
    public static Task TrueAsync(Func<bool> condition) => TrueAsync(() => Task.FromResult(condition()));

    /// <inheritdoc cref="TrueAsync"/>
    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            if (!await timer.WaitForNextTickAsync(CancellationToken.None) || limit.IsCancellationRequested)
            {
                throw new TimeoutException($"It did not happen within {Limit}.");
            }
        }
    }
}
