using Sluice.Testing;

namespace Sluice.Adapters.Tests.Containers;

/// <summary>Podman's pulls.</summary>
public sealed class PodmanPullTests() : PullTests(TestContainers.Host);
