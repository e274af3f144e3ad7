using Sluice.Client;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>One service with one stored run for all tests of a class.</summary>
public sealed class StoredRunFixture : IAsyncLifetime
{
    public TestService Service { get; private set; } = null!;

    public RunView Run { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Service = await TestService.StartAsync();
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", "a: {outputs: [o], code: [dependencies.yaml], command: 'echo 1 > data/o'}"));
        Run = await Service.RunAsync(repository);
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
