using static Sluice.Server.Tests.Deploy.Overlay;

namespace Sluice.Server.Tests.Deploy;

/// <summary>Every name that an object refers to is there, or is a Secret that docs/operations.md says how to make.</summary>
public sealed class ReferenceTests
{
    private static readonly string Operations = File.ReadAllText(Path.Combine(Root, "docs/operations.md"));

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public async Task Pods_refer_to_what_is_there(string name)
    {
        var overlay = await BuildAsync(name);

        Assert.All(overlay.Workloads, workload =>
        {
            Assert.All(workload.All("persistentVolumeClaim"), it => overlay.Of("PersistentVolumeClaim", Text(it["claimName"])));
            Assert.All(workload.All("configMapRef").Concat(workload.All("configMap")), it => overlay.Of("ConfigMap", Text(it["name"])));
            Assert.All(workload.All("serviceAccountName"), it => overlay.Of("ServiceAccount", Text(it)));
            Assert.All(workload.All("secret"), it => RequireSecret(overlay, Text(it["secretName"]), it["items"]?.AsArray().Select(item => Text(item!["key"]))));
            Assert.All(workload.All("secretKeyRef"), it => RequireSecret(overlay, Text(it["name"]), [Text(it["key"])]));
            Assert.All(
                workload.Containers.SelectMany(it => it["volumeMounts"]!.AsArray()),
                mount => Assert.Contains(workload.Pod!["volumes"]!.AsArray(), it => Text(it!["name"]) == Text(mount!["name"])));
        });
    }

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public async Task Files_that_settings_name_are_mounted_from_Secrets_that_have_them(string name)
    {
        var overlay = await BuildAsync(name);
        var pod = overlay.Of("Deployment", "sluice").Pod!;

        Assert.All(overlay.Settings.Where(it => it.Key.EndsWith("_FILE", StringComparison.Ordinal)), setting =>
        {
            var mount = overlay.Container["volumeMounts"]!.AsArray().Single(it => Text(it!["mountPath"]) == Path.GetDirectoryName(setting.Value))!;
            var volume = pod["volumes"]!.AsArray().Single(it => Text(it!["name"]) == Text(mount["name"]))!;
            RequireSecret(overlay, Text(volume["secret"]!["secretName"]), [Path.GetFileName(setting.Value!)]);
        });
    }

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public async Task Selectors_and_ports_lead_to_pods(string name)
    {
        var overlay = await BuildAsync(name);

        Assert.All(overlay.Objects.Where(it => it.Kind == "Service"), service =>
        {
            var target = Assert.Single(overlay.Workloads, it => Manifest.Matches(service.Node["spec"]!["selector"]!, it.PodLabels));
            Assert.All(service.All("targetPort"), port => Assert.Contains(Text(port), PortsOf(target)));
        });
        Assert.All(overlay.Workloads.Where(it => it.Kind == "Deployment"), it =>
        {
            Assert.True(Manifest.Matches(it.Node["spec"]!["selector"]!["matchLabels"]!, it.PodLabels));
            Assert.All(it.All("httpGet"), probe => Assert.Contains(Text(probe["port"]), PortsOf(it)));
        });
        var budget = overlay.Of("PodDisruptionBudget", "sluice").Node["spec"]!["selector"]!["matchLabels"]!;
        Assert.Equal("sluice", Assert.Single(overlay.Workloads, it => Manifest.Matches(budget, it.PodLabels)).Name);
    }

    [Theory]
    [MemberData(nameof(Overlay.Names), MemberType = typeof(Overlay))]
    public async Task What_the_pods_of_tasks_need_is_there(string name)
    {
        var overlay = await BuildAsync(name);
        var account = overlay.Settings["SLUICE_ARGO__SERVICE_ACCOUNT"]!;

        overlay.Of("ServiceAccount", account);
        RequireSecret(overlay, overlay.Settings["SLUICE_ARGO__STORE_SECRET"]!, ["access_key", "secret_key"]);

        // Argo makes this name of the account's, and waits for ever without the Secret.
        var token = overlay.Of("Secret", account + ".service-account-token").Node;
        Assert.Equal("kubernetes.io/service-account-token", Text(token["type"]));
        Assert.Equal(account, Text(token["metadata"]!["annotations"]!["kubernetes.io/service-account.name"]));
    }

    private static List<string> PortsOf(Manifest workload) => [.. workload.Containers.SelectMany(it => it["ports"]?.AsArray() ?? []).Select(it => Text(it!["name"]))];

    private static void RequireSecret(Overlay overlay, string name, IEnumerable<string>? keys)
    {
        var secret = overlay.Objects.SingleOrDefault(it => it.Kind == "Secret" && it.Name == name)?.Node["stringData"]?.AsObject();
        foreach (var key in keys ?? [])
        {
            Assert.True(secret?.ContainsKey(key) ?? IsDescribed(name, key), $"{name} with {key} is neither there nor in docs/operations.md");
        }
    }

    // A command of several lines, each but the last with a backslash.
    private static bool IsDescribed(string name, string key) => Operations.Replace("\\\n", "", StringComparison.Ordinal).Split('\n')
        .Any(line => line.Contains($"create secret generic {name} ", StringComparison.Ordinal)
            && (line.Contains($"={key}=", StringComparison.Ordinal) || line.Contains($"-file={key}", StringComparison.Ordinal)));
}
