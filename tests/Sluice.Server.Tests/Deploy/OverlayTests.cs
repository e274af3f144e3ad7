using Sluice.Testing;
using static Sluice.Server.Tests.Deploy.Overlay;

namespace Sluice.Server.Tests.Deploy;

/// <summary>What holds for every object of every overlay.</summary>
public sealed class OverlayTests
{
    // What nobody has the right to make in somebody's cluster.
    private static readonly string[] ClusterWide = ["ClusterRole", "ClusterRoleBinding", "Namespace", "CustomResourceDefinition", "PriorityClass", "StorageClass"];

    [Fact]
    public void There_are_three_overlays() => Assert.Equal(["local", "migrate", "production"], Names.Select(row => row.Data));

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public async Task It_builds_without_a_warning_from_kubectl(string name)
    {
        var overlay = await BuildAsync(name);

        Assert.Empty(overlay.Warnings);
        Assert.Equal(
            ["ConfigMap", "Deployment", "NetworkPolicy", "PersistentVolumeClaim", "PodDisruptionBudget", "Role", "RoleBinding", "Secret", "Service", "ServiceAccount"],
            overlay.Objects.Select(it => it.Kind).Where(kind => kind != "Job").Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public async Task Every_object_is_in_the_namespace_and_says_what_it_belongs_to(string name)
    {
        var overlay = await BuildAsync(name);
        var expected = name == "migrate" ? "workflow" : "sluice";

        Assert.All(overlay.Objects, it =>
        {
            Assert.NotEmpty(Text(it.Node["apiVersion"]));
            Assert.DoesNotContain("beta", Text(it.Node["apiVersion"]), StringComparison.Ordinal);
            Assert.DoesNotContain(it.Kind, ClusterWide);
            Assert.Equal(expected, it.Namespace);
            Assert.Equal("sluice", Text(it.Labels["app.kubernetes.io/part-of"]));
            Assert.NotEmpty(Text(it.Labels["app.kubernetes.io/name"]));
        });
        Assert.Equal(overlay.Objects.Count, overlay.Objects.Select(it => it.ToString()).Distinct().Count());
        Assert.All(overlay.Workloads, it => Assert.Equal(Text(it.Labels["app.kubernetes.io/name"]), Text(it.PodLabels["app.kubernetes.io/name"])));
    }

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public async Task The_state_folder_has_one_owner_and_a_node_can_be_drained(string name)
    {
        var overlay = await BuildAsync(name);
        var service = overlay.Of("Deployment", "sluice");

        Assert.Equal("1", Text(service.Node["spec"]!["replicas"]));
        Assert.Equal("Recreate", Text(service.Node["spec"]!["strategy"]!["type"]));
        var data = service.Pod!["volumes"]!.AsArray().Single(it => it!["persistentVolumeClaim"] is not null)!;
        var mount = overlay.Container["volumeMounts"]!.AsArray().Single(it => Text(it!["name"]) == Text(data["name"]))!;
        Assert.Equal(overlay.Settings["SLUICE_DATA"], Text(mount["mountPath"]));
        Assert.Equal("1", Text(overlay.Of("PodDisruptionBudget", "sluice").Node["spec"]!["maxUnavailable"]));
    }

    [Fact]
    public async Task A_changed_setting_starts_the_service_anew()
    {
        var names = (await BuildAllAsync()).Select(overlay => Text(overlay.Container["envFrom"]![0]!["configMapRef"]!["name"])).ToList();

        Assert.All(names, name => Assert.StartsWith("sluice-", name, StringComparison.Ordinal));
        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Fact]
    public async Task The_overlay_of_ones_own_that_the_page_on_operations_shows_builds_on_the_one_for_production()
    {
        Require();
        using var folder = new TempFolder();
        var page = await File.ReadAllTextAsync(Path.Combine(Root, "docs/operations.md"));
        var shown = page.Split("```yaml\n").Single(it => it.Contains("kind: Kustomization", StringComparison.Ordinal)).Split("```")[0];
        var production = Path.GetRelativePath(folder.Path, Path.Combine(Root, "deploy"));
        await File.WriteAllTextAsync(folder["kustomization.yaml"], shown.Replace("../sluice/deploy", production, StringComparison.Ordinal));

        var overlay = await ReadAsync(folder.Path);

        Assert.Empty(overlay.Warnings);
        Assert.StartsWith("registry.example.org/team/sluice:", Text(overlay.Container["image"]), StringComparison.Ordinal);
        Assert.StartsWith("registry.example.org/team/sluice-executor:", overlay.Settings["SLUICE_ARGO__EXECUTOR_IMAGE"], StringComparison.Ordinal);
        Assert.Equal("none", overlay.Settings["SLUICE_AUTH__ANONYMOUS"]);
    }

    [Fact]
    public async Task What_the_page_on_operations_shows_for_a_credential_of_each_run_gives_the_service_the_right_to_keep_its_Secrets()
    {
        Require();
        using var folder = new TempFolder();
        var page = await File.ReadAllTextAsync(Path.Combine(Root, "docs/operations.md"));
        var shown = page.Split("```yaml\n").Single(it => it.StartsWith("components:", StringComparison.Ordinal)).Split("```")[0];
        var deploy = Path.GetRelativePath(folder.Path, Path.Combine(Root, "deploy"));
        await File.WriteAllTextAsync(folder["kustomization.yaml"], $"""
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            namespace: sluice
            resources: [{deploy}/overlays/production]
            {shown.Replace("../sluice/deploy", deploy, StringComparison.Ordinal)}
            """);

        var overlay = await ReadAsync(folder.Path);
        var plain = await BuildAsync("production");

        Assert.Empty(overlay.Warnings);
        Assert.Equal(["Role/sluice-run-credentials", "RoleBinding/sluice-run-credentials"], overlay.Objects.Select(it => it.ToString()).Except(plain.Objects.Select(it => it.ToString()))
            .Where(it => !it.StartsWith("ConfigMap/", StringComparison.Ordinal)));
        var rule = Assert.Single(overlay.Of("Role", "sluice-run-credentials").Node["rules"]!.AsArray())!;
        Assert.Equal("""{"apiGroups":[""],"resources":["secrets"],"verbs":["create","patch","delete"]}""", rule.ToJsonString());
        var binding = overlay.Of("RoleBinding", "sluice-run-credentials");
        Assert.Equal("sluice-run-credentials", Text(binding.Node["roleRef"]!["name"]));
        Assert.Equal("sluice", Text(Assert.Single(binding.Node["subjects"]!.AsArray())!["name"]));
        Assert.All([binding, overlay.Of("Role", "sluice-run-credentials")], it => Assert.Equal(("sluice", "sluice"), (it.Namespace, Text(it.Labels["app.kubernetes.io/part-of"]))));
        Assert.StartsWith("arn:", overlay.Settings["SLUICE_ARGO__STORE_ROLE"], StringComparison.Ordinal);
    }
}
