namespace Sluice.Server.Access;

/// <summary>Who may do what at the service, and by which names it is asked.</summary>
public sealed record AccessSettings
{
    /// <summary>The file with the tokens; null where there are none.</summary>
    public string? TokensFile { get; init; }

    /// <summary>What somebody without a token may do; null is nothing.</summary>
    public Role? Anonymous { get; init; }

    /// <summary>The names of the service in requests, beside those of loopback.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Whether only this machine can reach the service.</summary>
    public bool IsLoopback { get; init; } = true;
}
