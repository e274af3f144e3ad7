using System.Net;
using System.Net.Sockets;
using Sluice.Adapters.Containers;
using Sluice.Core;

namespace Sluice.Adapters.Tests.Containers;

/// <summary>What is said of an engine that takes calls and does not answer them.</summary>
public sealed class ContainerApiTests : IDisposable
{
    private readonly TcpListener _silent = new(IPAddress.Loopback, 0);
    private readonly ContainerApi _api;

    public ContainerApiTests()
    {
        _silent.Start();
        _api = new ContainerApi(new Uri($"tcp://{_silent.LocalEndpoint}"), TimeProvider.System, TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public async Task An_engine_that_hangs_is_one_that_does_not_answer()
    {
        Assert.All(
            [
                await Assert.ThrowsAsync<SluiceException>(() => _api.FindAsync("a", "b", TestContext.Current.CancellationToken)),
                await Assert.ThrowsAsync<SluiceException>(() => _api.KindAsync(TestContext.Current.CancellationToken)),
                await Assert.ThrowsAsync<SluiceException>(() => _api.StateAsync("a", TestContext.Current.CancellationToken)),
            ],
            exception => Assert.Equal(FaultKind.Unavailable, exception.Kind));
    }

    [Fact]
    public async Task A_call_that_is_stopped_is_no_fault_of_the_engine() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _api.KindAsync(new CancellationToken(canceled: true)));

    public void Dispose()
    {
        _api.Dispose();
        _silent.Dispose();
    }
}
