namespace Sluice.Server.Access;

/// <summary>What somebody may do: each role may also what the ones before it may.</summary>
public enum Role
{
    /// <summary>Looks.</summary>
    Viewer,

    /// <summary>Runs, plans and cancels.</summary>
    Runner,

    /// <summary>May all.</summary>
    Admin,
}
