using System.Text.Json.Nodes;
using static Sluice.Server.Tests.Deploy.Overlay;

namespace Sluice.Server.Tests.Deploy;

/// <summary>Who reaches what.</summary>
public sealed class NetworkTests
{
    private static readonly JsonObject TaskPod = new() { ["workflows.argoproj.io/workflow"] = "sluice-job-abcdef0-12345678" };

    private static readonly JsonObject Client = new() { ["app"] = "client" };

    [Theory]
    [InlineData("local", "sluice,other", false)]
    [InlineData("production", "sluice,ingress-nginx", false)]
    [InlineData("migrate", "workflow,other,ingress-nginx", true)]
    public async Task The_service_is_reached_from_these_namespaces_and_never_by_its_own_tasks(string name, string namespaces, bool isWholeCluster)
    {
        var overlay = await BuildAsync(name);
        var own = overlay.Objects[0].Namespace!;

        var reached = namespaces.Split(',').Where(it => Reaches(overlay, "sluice", own, it, Client));

        Assert.Equal(namespaces.Split(',').Where(it => isWholeCluster || it != "other"), reached);
        Assert.False(Reaches(overlay, "sluice", own, own, TaskPod));
        Assert.DoesNotContain(
            Policies(overlay, overlay.Of("Deployment", "sluice").PodLabels).SelectMany(it => it.Node["spec"]!["ingress"]!.AsArray()),
            rule => rule!["from"] is not { } peers || peers.AsArray().Any(peer => peer!["ipBlock"] is not null));
    }

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public async Task Nobody_calls_a_task(string name)
    {
        var policy = Assert.Single(Policies(await BuildAsync(name), TaskPod), it => Types(it).Contains("Ingress"));

        Assert.Null(policy.Node["spec"]!["ingress"]);
    }

    [Fact]
    public async Task In_production_no_task_asks_the_node_for_its_credentials()
    {
        var policy = Assert.Single(Policies(await BuildAsync("production"), TaskPod), it => Types(it).Contains("Egress"));

        var blocks = policy.All("ipBlock").ToDictionary(it => Text(it["cidr"]), it => string.Join(' ', it["except"]!.AsArray().Select(except => Text(except))));
        Assert.Equal("169.254.0.0/16", blocks["0.0.0.0/0"]);
        Assert.Contains("fe80::/10", blocks["::/0"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task MinIO_is_reached_by_the_service_and_by_tasks_only_from_its_namespace()
    {
        var overlay = await BuildAsync("local");

        Assert.True(Reaches(overlay, "minio", "sluice", "sluice", TaskPod));
        Assert.True(Reaches(overlay, "minio", "sluice", "sluice", overlay.Of("Deployment", "sluice").PodLabels));
        Assert.False(Reaches(overlay, "minio", "sluice", "other", Client));
    }

    private static IEnumerable<Manifest> Policies(Overlay overlay, JsonObject labels) =>
        overlay.Objects.Where(it => it.Kind == "NetworkPolicy" && Selects(it.Node["spec"]!["podSelector"]!, labels));

    private static IEnumerable<string> Types(Manifest policy) => policy.Node["spec"]!["policyTypes"]!.AsArray().Select(it => Text(it));

    // As Kubernetes reads it: the rules of all policies together; no selector of namespaces means the policy's own.
    private static bool Reaches(Overlay overlay, string target, string own, string from, JsonObject labels)
    {
        var space = new JsonObject { ["kubernetes.io/metadata.name"] = from };
        return Policies(overlay, overlay.Of("Deployment", target).PodLabels)
            .SelectMany(it => it.Node["spec"]!["ingress"]!.AsArray())
            .SelectMany(it => it!["from"]!.AsArray())
            .Any(peer => (peer!["namespaceSelector"] is { } spaces ? Selects(spaces, space) : from == own)
                && (peer["podSelector"] is not { } pods || Selects(pods, labels)));
    }

    private static bool Selects(JsonNode selector, JsonObject labels) =>
        (selector["matchLabels"] is not { } wanted || Manifest.Matches(wanted, labels))
        && (selector["matchExpressions"]?.AsArray() ?? []).All(it => Holds(it!, labels[Text(it!["key"])]?.GetValue<string>()));

    private static bool Holds(JsonNode expression, string? value) => Text(expression["operator"]) switch
    {
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        "NotIn" => value is null || expression["values"]!.AsArray().All(it => Text(it) != value),
        var other => throw new NotSupportedException(other),
    };
}
