using Sluice.Testing;

namespace Sluice.Adapters.Tests.Containers;

/// <summary>Docker's containers.</summary>
public sealed class DockerEngineTests() : ContainerEngineTests(TestContainers.Docker);
