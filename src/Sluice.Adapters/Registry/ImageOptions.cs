namespace Sluice.Adapters.Registry;

/// <summary>How images are looked up. Read and checked with all other settings (<c>SLUICE_IMAGES__…</c>).</summary>
public sealed class ImageOptions
{
    /// <summary>Registries, as host or host:port, that speak plain HTTP or whose certificate nobody has signed.</summary>
    public IList<string> Insecure { get; set; } = [];

    /// <summary>Hosts with private or loopback addresses that may be asked all the same; <c>*</c> is any text.</summary>
    public IList<string> PrivateHosts { get; set; } = [];

    /// <summary>Docker's <c>config.json</c>, which has the credentials; it need not be there.</summary>
    public string ConfigFile { get; set; } = DefaultConfigFile;

    /// <summary>Longest time for one image, with all the waiting that its registry asks for.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an image may take that is built for a commit and not there yet.</summary>
    public TimeSpan Wait { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Most images at once.</summary>
    public int AtOnce { get; set; } = 8;

    private static string DefaultConfigFile => Path.Combine(
        Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".docker"),
        "config.json");
}
