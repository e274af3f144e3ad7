using Sluice.Core.Results;
using Sluice.Core.Running;

namespace Sluice.Store;

/// <summary>What runs that have not ended need, so that no gc takes it; kept in the store, since a gc may be at work on another machine.</summary>
internal interface IHolds
{
    /// <summary>Adds to what a run needs; when it returns, no gc that has not seen it goes on.</summary>
    Task AddAsync(RunId run, IEnumerable<Digest> digests, CancellationToken cancellationToken);

    /// <summary>A run needs nothing any more.</summary>
    Task ReleaseAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>Everything that is held; what a crash left of a run that has ended does not count.</summary>
    Task<HashSet<Digest>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Keeps gc from deleting while a record is put; disposing the answer ends that.</summary>
    Task<IAsyncDisposable> RecordAsync(CancellationToken cancellationToken);

    /// <summary>The turn of one gc; null while another has it.</summary>
    Task<IAsyncDisposable?> TryBeginGcAsync(CancellationToken cancellationToken);

    /// <summary>Keeps runs from holding and recording while a gc deletes; disposing the answer ends that.</summary>
    Task<IAsyncDisposable> BeginDeletingAsync(CancellationToken cancellationToken);
}
