using System.Collections.Concurrent;
using Sluice.Testing;
using Sluice.Testing.StandIn;

namespace Sluice.Server.Tests.Differential;

/// <summary>Random jobs and edits with tasks as pods, of which some are lost half-way, and a store on S3.</summary>
public sealed class ArgoDifferentialTests : DifferentialTests, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, bool> _lost = [];
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

        // Each at most once: a pod that is lost time and again is a task that fails.
        _argo.LosesPod = pod => Interlocked.Increment(ref _pods) % 5 == 0 && _lost.TryAdd(pod, true);
        return [.. store, .. _argo.Settings];
    }
}
