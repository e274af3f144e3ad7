using Sluice.Testing;
using Sluice.Testing.StandIn;

namespace Sluice.Server.Tests.Argo;

/// <summary>A service with the stand-in for Argo and a bucket of its own.</summary>
internal sealed class ArgoCluster : IAsyncDisposable
{
    private ArgoCluster(StandInArgo argo, TestService service) => (Argo, Service) = (argo, service);

    /// <summary>The stand-in.</summary>
    public StandInArgo Argo { get; }

    /// <summary>The service.</summary>
    public TestService Service { get; }

    /// <summary>Starts both.</summary>
    /// <param name="settings">More settings of the service.</param>
    public static async Task<ArgoCluster> StartAsync(params (string Name, string Value)[] settings)
    {
        var store = await TestS3.SettingsAsync();
        var argo = await StandInArgo.StartAsync();
        argo.Secrets["sluice-task-store/access_key"] = TestS3.AccessKey;
        argo.Secrets["sluice-task-store/secret_key"] = TestS3.SecretKey;
        return new ArgoCluster(argo, await TestService.StartAsync([.. store, .. argo.Settings, .. settings]));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Argo.DisposeAsync();
    }
}
