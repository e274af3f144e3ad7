namespace Sluice.Store.S3;

/// <summary>Whose rights the pods of a run get a part of (<c>SLUICE_ARGO__STORE_…</c>). Read and checked with all other settings.</summary>
public sealed record S3RoleOptions
{
    /// <summary>The role, as an ARN.</summary>
    public required string Role { get; init; }

    /// <summary>The address of the server's STS; null is the store's own, and AWS' STS of the region where the store is AWS.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>How long a credential is good.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);
}
