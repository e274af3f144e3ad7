using Sluice.Testing;

namespace Sluice.Adapters.Tests.Containers;

/// <summary>Podman's containers.</summary>
public sealed class PodmanEngineTests() : ContainerEngineTests(TestContainers.Host);
