using Sluice.Testing;
using Sluice.Testing.StandIn;

namespace Sluice.Server.Tests.Differential;

/// <summary>Random jobs and edits with tasks as pods, of which some are lost half-way, and a store on S3.</summary>
public sealed class ArgoDifferentialTests : DifferentialTests, IAsyncDisposable
{
    private StandInArgo? _argo;
    private int _pods;

    protected override int Cases => 4;

    public async ValueTask DisposeAsync()
    {
        if (_argo is not null)
        {
            await _argo.DisposeAsync();
            Assert.Empty(_argo.Problems);
        }
    }

    protected override async Task<(string Name, string Value)[]> SettingsAsync()
    {
        var store = await TestS3.SettingsAsync();
        _argo = await StandInArgo.StartAsync();
        await TestS3.LetPodsInAsync(store.Single(setting => setting.Name == "SLUICE_STORE__BUCKET").Value);
        _argo.LosesPod = _ => Interlocked.Increment(ref _pods) % 5 == 0;
        return [.. store, .. _argo.Settings];
    }
}
