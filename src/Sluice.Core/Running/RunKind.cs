namespace Sluice.Core.Running;

/// <summary>Whether images are looked at again.</summary>
public enum RunKind
{
    /// <summary><c>POST /run</c>.</summary>
    Run,

    /// <summary><c>POST /sync</c>.</summary>
    Sync,
}
