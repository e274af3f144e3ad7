using System.Net;
using System.Text.Json;
using Sluice.Core;

namespace Sluice.Adapters.Argo;

/// <summary>
/// A Workflow at each of its changes: it is listed, then watched from the list's version; a stream that ends is taken up where it ended, a version
/// that is too old means a new list, and trouble is waited out.
/// </summary>
internal sealed class WorkflowWatch(string name, ClusterCalls calls, FollowPace pace, TimeProvider time) : IAsyncDisposable
{
    private readonly Pauses _pauses = new(pace, time);
    private IAsyncEnumerator<WatchEvent>? _stream;
    private string? _version;
    private string? _given;
    private bool _hasWorked;
    private bool _hasHeard;

    /// <summary>The Workflow at its next change; null where it is gone.</summary>
    /// <exception cref="SluiceException">The trouble has lasted for too long, or nothing ever worked.</exception>
    public async Task<WorkflowObject?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Exception? trouble = null;
            try
            {
                if (await StepAsync(cancellationToken) is var (found, isChange) && isChange)
                {
                    return found;
                }
            }
            catch (Exception exception) when (ClusterErrors.IsOutside(exception))
            {
                trouble = exception;
            }

            await CloseAsync();
            await WaitAsync(trouble, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync();

    // One list, or one event of the stream; IsChange is false where there is nothing new.
    private async Task<(WorkflowObject? Found, bool IsChange)> StepAsync(CancellationToken cancellationToken)
    {
        if (_version is null)
        {
            (var listed, _version) = await calls.Api.ListAsync(name, cancellationToken);
            _pauses.Reset();
            return Given(listed, listed is null || listed.Metadata.ResourceVersion != _given);
        }

        _stream ??= calls.Api.WatchAsync(name, _version, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await _stream.MoveNextAsync())
        {
            var seen = _stream.Current;
            if (seen.Type == WatchEvent.Opened)
            {
                _hasWorked = true;
                _pauses.Reset();
                continue;
            }

            if (seen.Type == "ERROR")
            {
                Fail(seen.Object.Deserialize<ApiStatus>(ClusterJson.Options)!);
                return (null, false);
            }

            _hasHeard = true;
            var found = seen.Object.Deserialize<WorkflowObject>(ClusterJson.Options)!;
            _version = found.Metadata.ResourceVersion ?? _version;
            if (seen.Type == "DELETED")
            {
                // Its last state counts, where it had ended.
                return (StatusReader.IsEnd(found.Status?.Phase) ? found : null, true);
            }

            if (seen.Type is "ADDED" or "MODIFIED")
            {
                return Given(found, true);
            }
        }

        // A stream without a word may be one of a version that there is not: after a restore of the server, for example.
        _version = _hasHeard ? _version : null;
        return (null, false);
    }

    private (WorkflowObject? Found, bool IsChange) Given(WorkflowObject? found, bool isChange)
    {
        _given = found?.Metadata.ResourceVersion;
        return (found, isChange);
    }

    private void Fail(ApiStatus status)
    {
        if (status.Code != (int)HttpStatusCode.Gone)
        {
            throw new ClusterFailedException((HttpStatusCode)(status.Code ?? 500), status.Reason, status.Message ?? "the watch failed", null);
        }

        _version = null;
    }

    private async Task WaitAsync(Exception? trouble, CancellationToken cancellationToken)
    {
        var wasSilent = !_hasHeard;
        _hasHeard = false;
        if (trouble is null)
        {
            await Task.Delay(wasSilent ? pace.FirstPause : TimeSpan.Zero, time, cancellationToken);
            return;
        }

        // What has worked may work again: a server that starts anew knows no kinds for a while. What never has is told at once.
        if (_pauses.IsOver || (!_hasWorked && !ClusterErrors.IsPassing(trouble)))
        {
            throw calls.Told(trouble);
        }

        await _pauses.WaitAsync((trouble as ClusterFailedException)?.RetryAfter, cancellationToken);
    }

    private async ValueTask CloseAsync()
    {
        if (_stream is { } open)
        {
            _stream = null;
            await open.DisposeAsync();
        }
    }
}
