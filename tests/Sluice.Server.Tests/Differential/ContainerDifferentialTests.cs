using Sluice.Testing;

namespace Sluice.Server.Tests.Differential;

/// <summary>Random jobs and edits with tasks as containers.</summary>
public sealed class ContainerDifferentialTests : DifferentialTests
{
    protected override int Cases => 2;

    protected override string Image => TestContainers.Image;

    protected override Task<(string Name, string Value)[]> SettingsAsync() => Task.FromResult(TestContainers.Settings());
}
