namespace Sluice.Core.Results;

/// <summary>What a field of a fingerprint says; the order is the order in which reasons are told.</summary>
public enum FieldKind
{
    /// <summary>The command; subject empty.</summary>
    Command,

    /// <summary>The task's script; subject is its path.</summary>
    Script,

    /// <summary>The listing of its code; subject empty, value the digest of the listing.</summary>
    Code,

    /// <summary>The listing of the environment files; subject empty, value the digest of the listing.</summary>
    EnvironmentFiles,

    /// <summary>A declared variable; subject is its name.</summary>
    Variable,

    /// <summary>A parameter; subject is its dotted key.</summary>
    Param,

    /// <summary>A declared input; subject as declared, value mode and digest, for a folder the digest of its listing.</summary>
    Input,

    /// <summary>A declared output; subject as declared, value empty.</summary>
    Output,

    /// <summary>The image that it runs in; absent for a host.</summary>
    Image,

    /// <summary>That it asks for the network, in an image; subject empty, value <c>true</c>; absent where it does not.</summary>
    Network,

    /// <summary>Where it runs: <c>host:&lt;os&gt;-&lt;arch&gt;</c>, or the platform of the image.</summary>
    Platform,
}
