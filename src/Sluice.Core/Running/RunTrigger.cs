namespace Sluice.Core.Running;

/// <summary>Who asked for a run.</summary>
public enum RunTrigger
{
    /// <summary>An HTTP request.</summary>
    Api,

    /// <summary>The command line.</summary>
    Cli,

    /// <summary>A push; reserved.</summary>
    Webhook,

    /// <summary>A look at the origin on a schedule; reserved.</summary>
    Poll,
}
