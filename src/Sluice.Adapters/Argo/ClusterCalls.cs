using Sluice.Core;

namespace Sluice.Adapters.Argo;

/// <summary>Makes a request a few times where the trouble may pass, and tells what is left of it in words.</summary>
internal sealed class ClusterCalls(ClusterConnection connection, WorkflowOptions options, FollowPace pace, TimeProvider time)
{
    private const int MaxTries = 4;

    /// <summary>The requests there are.</summary>
    public ClusterApi Api { get; } = new(connection, options.Namespace, pace, time);

    /// <summary>Makes a call.</summary>
    /// <exception cref="SluiceException">It failed.</exception>
    public async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var pauses = new Pauses(pace, time);
        while (true)
        {
            try
            {
                return await call(cancellationToken);
            }
            catch (Exception exception) when (ClusterErrors.IsOutside(exception))
            {
                if (!ClusterErrors.IsPassing(exception) || pauses.Count + 1 >= MaxTries)
                {
                    throw Told(exception);
                }

                await pauses.WaitAsync((exception as ClusterFailedException)?.RetryAfter, cancellationToken);
            }
        }
    }

    /// <summary>Trouble in words.</summary>
    public SluiceException Told(Exception exception) => ClusterErrors.Of(exception, connection.Server, options);
}
