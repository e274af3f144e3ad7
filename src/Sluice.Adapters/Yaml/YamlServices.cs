using Sluice.Core.Jobs;

namespace Sluice.Adapters.Yaml;

/// <summary>What a host registers.</summary>
public static class YamlServices
{
    /// <summary>The reader of <c>dependencies.yaml</c> and <c>params.yaml</c>.</summary>
    public static IManifestReader CreateManifestReader() => new YamlManifestReader();
}
