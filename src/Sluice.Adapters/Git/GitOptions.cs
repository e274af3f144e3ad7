namespace Sluice.Adapters.Git;

/// <summary>Which repositories may be read, and how long that may take. Read and checked with all other settings (<c>SLUICE_GIT__…</c>).</summary>
public sealed class GitOptions
{
    /// <summary>URL patterns that may be cloned; <c>*</c> is any text.</summary>
    public IList<string> Allowed { get; set; } = ["https://*", "ssh://*"];

    /// <summary>Hosts with private or loopback addresses that may be read all the same; <c>*</c> is any text.</summary>
    public IList<string> PrivateHosts { get; set; } = [];

    /// <summary>Whether folders of this machine may be read: on loopback and on the command line only.</summary>
    public bool AllowLocalPaths { get; set; }

    /// <summary>Longest time of a fetch.</summary>
    public TimeSpan FetchTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest time until a host takes a connection.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time in which nothing comes from the host, in seconds. One that is at work says so every five (<c>uploadpack.keepAlive</c>).</summary>
    public int StallSeconds { get; set; } = 15;
}
