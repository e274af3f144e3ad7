using System.Text;
using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Store.S3;

/// <summary>
/// Holds as objects, one for each time that something is held. There are no locks here: whoever holds or records puts that first and then looks
/// whether a gc deletes, and a gc says first that it deletes and then reads what is held and recorded. So one of the two sees the other.
/// </summary>
internal sealed class S3Holds(ISpaceFiles files, TimeProvider time) : IHolds
{
    private const string GcLock = ".sluice/gc.lock";
    private const string Deleting = ".sluice/deleting";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public async Task AddAsync(RunId run, IEnumerable<Digest> digests, CancellationToken cancellationToken)
    {
        var lines = string.Concat(digests.Select(digest => digest.Hex + "\n"));
        await files.WriteAsync($"{SpaceNames.HeldBy(run)}/{Guid.NewGuid():n}", Encoding.ASCII.GetBytes(lines), replace: true, cancellationToken);
        await WaitForGcAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ReleaseAsync(RunId run, CancellationToken cancellationToken) =>
        await files.DeleteAsync(await files.ListAsync(SpaceNames.HeldBy(run), cancellationToken).Select(file => file.Name).ToListAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async Task<HashSet<Digest>> ReadAsync(CancellationToken cancellationToken)
    {
        var held = new HashSet<Digest>();
        var isEnded = new Dictionary<RunId, bool>();
        await foreach (var file in files.ListAsync(SpaceNames.Held, cancellationToken))
        {
            if (!RunId.TryParse(file.Name.Split('/')[^2], out var run))
            {
                continue;
            }

            if (!isEnded.TryGetValue(run, out var ended))
            {
                isEnded[run] = ended = await files.FindAsync(SpaceNames.Run(run), cancellationToken) is not null;
            }

            if (!ended && await files.ReadAsync(file.Name, maxBytes: null, cancellationToken) is { } lines)
            {
                held.UnionWith(Encoding.ASCII.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Digest.Parse));
            }
        }

        return held;
    }

    /// <inheritdoc/>
    public Task<IAsyncDisposable> RecordAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IAsyncDisposable>(new AfterRecord(this, cancellationToken));

    /// <inheritdoc/>
    public async Task<IAsyncDisposable?> TryBeginGcAsync(CancellationToken cancellationToken) =>
        await S3Lease.TryTakeAsync(files, GcLock, time, cancellationToken);

    /// <inheritdoc/>
    public async Task<IAsyncDisposable> BeginDeletingAsync(CancellationToken cancellationToken) =>
        await S3Lease.TryTakeAsync(files, $"{Deleting}/{Guid.NewGuid():n}", time, cancellationToken)
        ?? throw new InvalidOperationException("A name of one's own is taken.");

    private async Task WaitForGcAsync(CancellationToken cancellationToken)
    {
        while (await IsDeletingAsync(cancellationToken))
        {
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private async Task<bool> IsDeletingAsync(CancellationToken cancellationToken)
    {
        await foreach (var file in files.ListAsync(Deleting, cancellationToken))
        {
            if (await S3Lease.IsAliveAsync(files, file.Name, time, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    // When the record is put: what a gc took meanwhile is missed by the publication that follows.
    private sealed class AfterRecord(S3Holds holds, CancellationToken cancellationToken) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await holds.WaitForGcAsync(cancellationToken);
    }
}
