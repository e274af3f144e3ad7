using System.Collections.Immutable;

namespace Sluice.Core.Results;

/// <summary>What a fingerprint produced: kept in the store, reused by any commit, never changed except by <c>force</c>.</summary>
public sealed record TaskResult
{
    /// <summary>The version of this record's form.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>What decided the bytes.</summary>
    public required Fingerprint Fingerprint { get; init; }

    /// <summary>The fields behind the fingerprint, in canonical order.</summary>
    public required ImmutableArray<FingerprintField> Fields { get; init; }

    /// <summary>The texts of the listings that the fields refer to: kept for <c>why</c>, and missed by nothing else.</summary>
    public ImmutableArray<BlobInfo> Listings { get; init; } = [];

    /// <summary>What was made.</summary>
    public required ResultFiles Files { get; init; }

    /// <summary>Who made it, when and how.</summary>
    public required Provenance Provenance { get; init; }
}
