using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>The service with Podman.</summary>
public sealed class PodmanTests() : ContainerTests(TestContainers.Host);
