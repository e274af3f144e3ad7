using Sluice.Core.Results;

namespace Sluice.Core.Planning;

/// <summary>What is stored and usable, as far as a plan wants to know.</summary>
public interface IResultLookup
{
    /// <summary>The result of a fingerprint, or null where there is none or its contents are lost.</summary>
    ValueTask<TaskResult?> FindAsync(Fingerprint fingerprint, CancellationToken cancellationToken);

    /// <summary>Whether every content is there with the right size.</summary>
    ValueTask<bool> AreThereAsync(ResultFiles files, CancellationToken cancellationToken);
}
