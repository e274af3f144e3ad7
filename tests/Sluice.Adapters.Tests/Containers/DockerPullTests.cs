using Sluice.Testing;

namespace Sluice.Adapters.Tests.Containers;

/// <summary>Docker's pulls.</summary>
public sealed class DockerPullTests() : PullTests(TestContainers.Docker);
