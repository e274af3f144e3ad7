namespace Sluice.Adapters.Argo;

// A Secret as it is written: whole, or what changes of it. What is null is not sent, and stays.

internal sealed record SecretObject
{
    public string ApiVersion { get; init; } = "v1";

    public string Kind { get; init; } = "Secret";

    public required SecretMetadata Metadata { get; init; }

    public IReadOnlyDictionary<string, string>? Data { get; init; }
}

internal sealed record SecretMetadata
{
    public required string Name { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public IReadOnlyList<Owner>? OwnerReferences { get; init; }
}

internal sealed record Owner
{
    public string ApiVersion { get; init; } = "argoproj.io/v1alpha1";

    public string Kind { get; init; } = "Workflow";

    public required string Name { get; init; }

    public required string Uid { get; init; }
}
