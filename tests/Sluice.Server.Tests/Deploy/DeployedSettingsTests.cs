using Sluice.Server.Hosting;
using static Sluice.Server.Tests.Deploy.Overlay;

namespace Sluice.Server.Tests.Deploy;

/// <summary>What an overlay tells the service is what the service understands, and what the overlay is for.</summary>
public sealed class DeployedSettingsTests
{
    // Settings of the engine on Argo, which the service does not read yet.
    private static readonly string[] Originals = ["PERSISTENT_ADDR", "MINIO_ACCESS_KEY", "MINIO_SECRET_KEY"];

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public async Task The_service_knows_every_setting(string name)
    {
        var overlay = await BuildAsync(name);
        var known = SettingsReader.Names.SelectMany(it => new[] { $"SLUICE_{it}", $"SLUICE_{it}_FILE" }).Concat(Originals);

        Assert.Empty(overlay.Settings.Keys.Except(known));
    }

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public async Task No_secret_stands_in_a_setting(string name)
    {
        var overlay = await BuildAsync(name);

        Assert.DoesNotContain(overlay.Settings, it => it.Value is not null && it.Key.EndsWith("_KEY", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public async Task The_service_answers_to_every_name_of_its_Services_and_listens_where_they_lead(string name)
    {
        var overlay = await BuildAsync(name);
        var hosts = overlay.Settings["SLUICE_HOSTS"]!.Split(',');
        var pod = overlay.Of("Deployment", "sluice");
        var services = overlay.Objects.Where(it => it.Kind == "Service" && Manifest.Matches(it.Node["spec"]!["selector"]!, pod.PodLabels)).ToList();

        Assert.All(services, it => Assert.Empty(
            new[] { "", $".{it.Namespace}", $".{it.Namespace}.svc", $".{it.Namespace}.svc.cluster.local" }.Select(suffix => it.Name + suffix).Except(hosts)));
        Assert.Equal("http://0.0.0.0:8000", overlay.Settings["SLUICE_URLS"]);
        Assert.Equal("8000", Text(Assert.Single(overlay.Container["ports"]!.AsArray())!["containerPort"]));
        Assert.All(services, it => Assert.Equal("8000", Text(Assert.Single(it.Node["spec"]!["ports"]!.AsArray())!["port"])));
    }

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public async Task Tasks_run_on_Argo_and_results_go_to_S3(string name)
    {
        var settings = (await BuildAsync(name)).Settings;

        Assert.Equal("argo", settings["SLUICE_ENGINE"]);
        Assert.Equal("s3", settings["SLUICE_STORE__KIND"]);
        Assert.DoesNotContain(settings.Keys, key => key.StartsWith("SLUICE_PROCESS__", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_production_whoever_has_no_token_may_do_nothing()
    {
        var settings = (await BuildAsync("production")).Settings;

        Assert.Equal("none", settings["SLUICE_AUTH__ANONYMOUS"]);
        Assert.NotNull(settings["SLUICE_AUTH__TOKENS_FILE"]);
        Assert.StartsWith("https://", settings["SLUICE_STORE__ENDPOINT"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_the_originals_place_its_names_its_variables_and_its_port_go_on()
    {
        var overlay = await BuildAsync("migrate");
        var settings = overlay.Settings;

        Assert.Equal(["sluice", "workflow-controler", "workflow-service"], overlay.Objects.Where(it => it.Kind == "Service").Select(it => it.Name).Order());
        Assert.Equal("run", settings["SLUICE_AUTH__ANONYMOUS"]);
        Assert.All(Originals, name => Assert.Contains(name, settings.Keys));

        // Sluice's own would win, and one bucket for all is not where the original's results are.
        Assert.Equal(["SLUICE_STORE__KIND"], settings.Keys.Where(key => key.StartsWith("SLUICE_STORE__", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Secrets_are_made_by_the_local_overlay_only()
    {
        var overlays = await BuildAllAsync();

        var made = overlays.Select(overlay => overlay.Objects.Count(it => it.Kind == "Secret" && it.Node["stringData"] is not null));

        Assert.Equal([3, 0, 0], made);
        Assert.DoesNotContain(overlays.SelectMany(overlay => overlay.Objects), it => it.Kind == "Secret" && it.Node["data"] is not null);
    }
}
