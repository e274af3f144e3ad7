using Sluice.Core.Planning;
using Sluice.Core.Running;

namespace Sluice.Adapters.Registry;

/// <summary>What a host registers.</summary>
public static class RegistryServices
{
    /// <summary>What looks images up; it opens no connection before it is asked.</summary>
    /// <param name="options">Which registries may be asked, and how.</param>
    /// <param name="time">The clock.</param>
    public static IImageResolver CreateResolver(ImageOptions options, TimeProvider time) => new RegistryResolver(options, time);

    /// <summary>The credentials with which images are looked up, for an engine that pulls them.</summary>
    /// <param name="options">Says where they are kept.</param>
    /// <param name="time">The clock.</param>
    public static IImageCredentials CreateCredentials(ImageOptions options, TimeProvider time) => new PullCredentials(new DockerConfig(options.ConfigFile, time));
}
