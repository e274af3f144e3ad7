namespace Sluice.Core.Planning;

/// <summary>The contract's reason codes; on the wire in snake_case.</summary>
public enum ReasonCode
{
    /// <summary>The baseline has no task of that name.</summary>
    NewTask,

    /// <summary>The command differs.</summary>
    CommandChanged,

    /// <summary>The script or a file of the code differs.</summary>
    CodeChanged,

    /// <summary>An environment file differs.</summary>
    EnvironmentFileChanged,

    /// <summary>A declared variable differs.</summary>
    VariableChanged,

    /// <summary>A parameter differs.</summary>
    ParamsChanged,

    /// <summary>The content of an input differs.</summary>
    InputChanged,

    /// <summary>An input came or went.</summary>
    InputSetChanged,

    /// <summary>An output came or went.</summary>
    OutputSetChanged,

    /// <summary>The image differs.</summary>
    ImageChanged,

    /// <summary>The task asks for the network now, or no more.</summary>
    NetworkChanged,

    /// <summary>The platform differs.</summary>
    PlatformChanged,

    /// <summary>An upstream task runs or may run; the subject is the root cause.</summary>
    Upstream,

    /// <summary>The fingerprint is the baseline's, but its result is lost or damaged.</summary>
    ResultMissing,

    /// <summary>The task is not cacheable.</summary>
    NotCacheable,

    /// <summary>The task works by its effect, and the baseline's effect was another.</summary>
    Effect,

    /// <summary>The request asked for it.</summary>
    Forced,
}
