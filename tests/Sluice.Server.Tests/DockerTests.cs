using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>The service with Docker.</summary>
public sealed class DockerTests() : ContainerTests(TestContainers.Docker);
