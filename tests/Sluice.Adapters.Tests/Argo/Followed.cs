using Sluice.Core.Clusters;

namespace Sluice.Adapters.Tests.Argo;

/// <summary>The statuses of a workflow, one after the other.</summary>
internal sealed class Followed(IAsyncEnumerable<WorkflowStatus> statuses) : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly IAsyncEnumerator<WorkflowStatus> _statuses = statuses.GetAsyncEnumerator();

    /// <summary>How many there were.</summary>
    public int Count { get; private set; }

    /// <summary>The next one.</summary>
    public async Task<WorkflowStatus> NextAsync()
    {
        Assert.True(await _statuses.MoveNextAsync().AsTask().WaitAsync(Limit));
        Count++;
        return _statuses.Current;
    }

    /// <summary>The next one of which something is true.</summary>
    public async Task<WorkflowStatus> NextAsync(Func<WorkflowStatus, bool> condition)
    {
        WorkflowStatus status;
        do
        {
            status = await NextAsync();
        }
        while (!condition(status));
        return status;
    }

    /// <summary>The last one.</summary>
    public async Task<WorkflowStatus> LastAsync()
    {
        var last = await NextAsync(status => status.IsEnded);
        Assert.False(await _statuses.MoveNextAsync().AsTask().WaitAsync(Limit));
        return last;
    }

    public ValueTask DisposeAsync() => _statuses.DisposeAsync();
}
