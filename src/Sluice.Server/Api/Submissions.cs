using Microsoft.Extensions.Hosting;
using Sluice.Client;
using Sluice.Server.Application;

namespace Sluice.Server.Api;

/// <summary>Requests for runs, which become runs although their clients go away, and end with the service.</summary>
internal sealed class Submissions(SluiceService sluice, IHostApplicationLifetime lifetime) : IAsyncDisposable
{
    // Most jobs are planned within this, so that a client in a hurry still learns at once that nothing has to run, or what is wrong.
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<Task<SubmitResult>> _going = [];

    /// <summary>Submits a request.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="longest">How long the client prefers to wait; null is for the end.</param>
    /// <param name="cancellationToken">The client goes away.</param>
    public Task<SubmitResult> SubmitAsync(RunRequest request, TimeSpan? longest, CancellationToken cancellationToken)
    {
        var patience = longest switch
        {
            null => Timeout.InfiniteTimeSpan,
            { } given when given < LeastPatience => LeastPatience,
            { } given => given,
        };
        var submission = sluice.SubmitAsync(request, patience, lifetime.ApplicationStopping);
        lock (_lock)
        {
            _going.RemoveAll(it => it.IsCompleted);
            _going.Add(submission);
        }

        return submission.WaitAsync(cancellationToken);
    }

    /// <summary>Waits for those whose clients are gone: what they use is closed after this.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] going;
        lock (_lock)
        {
            going = [.. _going];
        }

        foreach (var submission in going)
        {
            await Task.WhenAny(submission);
        }
    }
}
