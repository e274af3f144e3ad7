using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Results;

namespace Sluice.Core.Planning;

/// <summary>
/// The fields and fingerprints of one job at one commit, by the outputs of upstream and the image that went into them. Planning the same commit again, as every
/// repeated request does, then hashes nothing.
/// </summary>
public sealed class FieldCache
{
    private readonly ConcurrentDictionary<int, Entry> _entries = new();

    /// <summary>The fields and the fingerprint of a task whose inputs are all known.</summary>
    /// <param name="task">A cacheable task.</param>
    /// <param name="outputsOf">The outputs of an upstream task, the same object for the same result.</param>
    /// <param name="image">What the fields say of its image.</param>
    /// <param name="write">Writes the fields down where they are not known.</param>
    public (ImmutableArray<FingerprintField> Fields, Fingerprint Fingerprint) Get(
        ResolvedTask task,
        Func<int, ImmutableArray<StoredFile>?> outputsOf,
        FingerprintField? image,
        Func<ImmutableArray<FingerprintField>> write)
    {
        if (_entries.TryGetValue(task.Index, out var known) && known.Image == image && IsSame(task, known.Upstream, outputsOf))
        {
            return (known.Fields, known.Fingerprint);
        }

        var fields = write();
        var entry = new Entry([.. task.Upstream.Select(index => outputsOf(index)!.Value)], image, fields, Fingerprint.Of(fields.AsSpan()));
        _entries[task.Index] = entry;
        return (entry.Fields, entry.Fingerprint);
    }

    // ImmutableArray compares by reference: a result that was read anew is another one, and its fields are written again.
    private static bool IsSame(
        ResolvedTask task, ImmutableArray<ImmutableArray<StoredFile>> upstream, Func<int, ImmutableArray<StoredFile>?> outputsOf)
    {
        for (var position = 0; position < task.Upstream.Length; position++)
        {
            if (outputsOf(task.Upstream[position]) is not { } outputs || outputs != upstream[position])
            {
                return false;
            }
        }

        return true;
    }

    private sealed record Entry(
        ImmutableArray<ImmutableArray<StoredFile>> Upstream, FingerprintField? Image, ImmutableArray<FingerprintField> Fields, Fingerprint Fingerprint);
}
