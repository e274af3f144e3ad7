namespace Sluice.Adapters.Argo;

// The parts of a Workflow that become a pod's: Kubernetes' own fields, as far as Sluice writes them.

internal sealed record Container
{
    public string? Name { get; init; }

    public required string Image { get; init; }

    public string ImagePullPolicy { get; init; } = "IfNotPresent";

    public required List<string> Command { get; init; }

    public List<EnvironmentVariable>? Env { get; init; }

    public Resources? Resources { get; init; }

    public required List<VolumeMount> VolumeMounts { get; init; }

    public ContainerSecurity SecurityContext { get; init; } = new();
}

internal sealed record EnvironmentVariable
{
    public required string Name { get; init; }

    public string? Value { get; init; }

    public ValueSource? ValueFrom { get; init; }
}

internal sealed record ValueSource
{
    public FieldReference? FieldRef { get; init; }

    public SecretReference? SecretKeyRef { get; init; }
}

internal sealed record FieldReference
{
    public required string FieldPath { get; init; }
}

internal sealed record SecretReference
{
    public required string Name { get; init; }

    public required string Key { get; init; }
}

internal sealed record Resources
{
    public required Dictionary<string, string> Requests { get; init; }

    public Dictionary<string, string>? Limits { get; init; }
}

internal sealed record VolumeMount
{
    public required string Name { get; init; }

    public required string MountPath { get; init; }
}

internal sealed record ContainerSecurity
{
    public bool AllowPrivilegeEscalation { get; init; }

    public bool ReadOnlyRootFilesystem { get; init; } = true;

    public Capabilities Capabilities { get; init; } = new();
}

internal sealed record Capabilities
{
    public List<string> Drop { get; init; } = ["ALL"];
}

internal sealed record Toleration
{
    public required string Key { get; init; }

    public required string Operator { get; init; }

    public string? Value { get; init; }

    public string? Effect { get; init; }
}

internal sealed record PullSecret
{
    public required string Name { get; init; }
}
