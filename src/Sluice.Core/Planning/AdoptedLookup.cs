using Sluice.Core.Results;

namespace Sluice.Core.Planning;

/// <summary>What is stored, and behind it what committed outputs offer.</summary>
public sealed class AdoptedLookup(IResultLookup stored, IReadOnlyCollection<TaskResult> adopted) : IResultLookup
{
    private readonly Dictionary<Fingerprint, TaskResult> _adopted = adopted.ToDictionary(result => result.Fingerprint);

    /// <inheritdoc/>
    public async ValueTask<TaskResult?> FindAsync(Fingerprint fingerprint, CancellationToken cancellationToken) =>
        await stored.FindAsync(fingerprint, cancellationToken) ?? _adopted.GetValueOrDefault(fingerprint);

    /// <inheritdoc/>
    public ValueTask<bool> AreThereAsync(ResultFiles files, CancellationToken cancellationToken) =>
        stored.AreThereAsync(files, cancellationToken);
}
