using System.Text.Json.Nodes;
using static Sluice.Server.Tests.Deploy.Overlay;

namespace Sluice.Server.Tests.Deploy;

/// <summary>What no container may do, and what no account.</summary>
public sealed class HardeningTests
{
    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public async Task Every_pod_runs_as_a_numbered_user_that_is_not_root(string name)
    {
        var overlay = await BuildAsync(name);

        Assert.All(overlay.Workloads, it =>
        {
            var security = it.Pod!["securityContext"]!;
            Assert.Equal("true", Text(security["runAsNonRoot"]));
            Assert.All(["runAsUser", "runAsGroup", "fsGroup"], field => Assert.True(int.Parse(Text(security[field])) >= 1000));
            Assert.Equal("RuntimeDefault", Text(security["seccompProfile"]!["type"]));
            Assert.All(["hostNetwork", "hostPID", "hostIPC"], field => Assert.Null(it.Pod![field]));
            Assert.Empty(it.All("hostPath"));
            Assert.Equal("false", Text(it.Pod!["enableServiceLinks"]));
        });
    }

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public async Task Every_container_is_shut_in_and_has_resources(string name)
    {
        var overlay = await BuildAsync(name);

        Assert.All(overlay.Workloads.SelectMany(it => it.Containers), it =>
        {
            var security = it["securityContext"]!;
            Assert.Equal("false", Text(security["allowPrivilegeEscalation"]));
            Assert.Equal("true", Text(security["readOnlyRootFilesystem"]));
            Assert.Equal("ALL", Text(Assert.Single(security["capabilities"]!["drop"]!.AsArray())));
            Assert.Null(security["capabilities"]!["add"]);
            Assert.All(["privileged", "runAsUser", "runAsNonRoot"], field => Assert.Null(security[field]));
            Assert.All(["cpu", "memory"], resource => Assert.NotEmpty(Text(it["resources"]!["requests"]![resource])));
            Assert.NotEmpty(Text(it["resources"]!["limits"]!["memory"]));
            Assert.Matches("^[^:@]+:[^:]*[0-9][^:]*$", Text(it["image"]));
        });
    }

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public async Task Every_server_is_asked_whether_it_is_up(string name)
    {
        var overlay = await BuildAsync(name);

        Assert.All(
            overlay.Workloads.Where(it => it.Kind == "Deployment").SelectMany(it => it.Containers),
            it => Assert.All(["startupProbe", "livenessProbe", "readinessProbe"], probe => Assert.NotNull(it[probe]?["httpGet"])));
        Assert.Equal("/healthz", Text(overlay.Container["livenessProbe"]!["httpGet"]!["path"]));
        Assert.Equal("/readyz", Text(overlay.Container["readinessProbe"]!["httpGet"]!["path"]));
    }

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public async Task The_accounts_have_the_rights_that_they_need_and_no_others(string name)
    {
        var overlay = await BuildAsync(name);
        var rules = overlay.Objects.Where(it => it.Kind == "Role").SelectMany(role => role.Node["rules"]!.AsArray().Select(rule =>
            $"{role.Name}: {Words(rule!["apiGroups"])}/{Words(rule["resources"])} {Words(rule["verbs"])}"));

        Assert.Equal(
            [
                "sluice: argoproj.io/workflows create,get,list,watch,patch",
                "sluice: /pods list",
                "sluice: /pods/log get",
                "sluice: /events list",
                "sluice-task: argoproj.io/workflowtaskresults create,patch",
            ],
            rules);
        Assert.All(overlay.Objects.Where(it => it.Kind == "RoleBinding"), binding =>
        {
            Assert.Equal("Role", Text(binding.Node["roleRef"]!["kind"]));
            var subject = Assert.Single(binding.Node["subjects"]!.AsArray())!;
            Assert.Equal(overlay.Of("ServiceAccount", binding.Name).Name, Text(subject["name"]));
            Assert.Equal(binding.Namespace, Text(subject["namespace"]));
            Assert.Equal(binding.Name, overlay.Of("Role", Text(binding.Node["roleRef"]!["name"])).Name);
        });
    }

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public async Task Only_the_service_has_a_token_of_the_cluster(string name)
    {
        var overlay = await BuildAsync(name);

        Assert.All(overlay.Workloads, it => Assert.Equal(it.Name == "sluice" ? "true" : "false", Text(it.Pod!["automountServiceAccountToken"])));
        Assert.All(overlay.Objects.Where(it => it.Kind == "ServiceAccount"), it => Assert.Equal("false", Text(it.Node["automountServiceAccountToken"])));
    }

    private static string Words(JsonNode? list) => string.Join(',', list!.AsArray().Select(it => Text(it)));
}
