using Sluice.Core.Results;
using Sluice.Core.Revisions;

namespace Sluice.Store;

/// <summary>The copy of a commit's results for people and other programs.</summary>
internal interface IPublication
{
    /// <summary>Writes the copy of a record, <c>run.json</c> last. Repeating it changes nothing.</summary>
    /// <exception cref="DamagedContentException">A content is missing from the store, or damaged.</exception>
    Task PublishAsync(CommitRecord record, ReadOnlyMemory<byte> runJson, CancellationToken cancellationToken);

    /// <summary>Writes those files of a copy anew that are not what the record says.</summary>
    /// <returns>Their names; what cannot be mended, since its content is lost too, stays.</returns>
    Task<IReadOnlyList<string>> MendAsync(CommitRecord record, CancellationToken cancellationToken);

    /// <summary>Deletes the copy of a commit.</summary>
    Task DeleteAsync(CommitId commit, CancellationToken cancellationToken);
}
