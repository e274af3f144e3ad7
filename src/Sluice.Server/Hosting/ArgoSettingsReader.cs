using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Sluice.Adapters.Argo;
using Sluice.Store.S3;

namespace Sluice.Server.Hosting;

/// <summary>Reads the settings of the engine for Argo Workflows (<c>SLUICE_ARGO__…</c>).</summary>
/// <param name="value">The value of a setting by its name, without <c>SLUICE_</c>.</param>
/// <param name="mistakes">Takes what is wrong.</param>
internal sealed partial class ArgoSettingsReader(Func<string, string?> value, List<string> mistakes)
{
    private const string Prefix = "SLUICE_ARGO__";

    // Where Kubernetes tells a pod its namespace.
    private const string NamespaceFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

    private static readonly string[] OfTheRole = ["STORE_STS_ENDPOINT", "STORE_LIFETIME"];

    /// <summary>The names of all settings, without <c>SLUICE_</c>.</summary>
    public static readonly string[] Known =
    [
        "ARGO__NAMESPACE", "ARGO__SERVICE_ACCOUNT", "ARGO__EXECUTOR_IMAGE", "ARGO__STORE_SECRET", "ARGO__STORE_ENDPOINT", "ARGO__PARALLELISM",
        "ARGO__NODE_SELECTOR", "ARGO__TOLERATIONS", "ARGO__PULL_SECRETS", "ARGO__USER", "ARGO__CPU", "ARGO__MEMORY", "ARGO__START_TIMEOUT",
        "ARGO__KEEP", "ARGO__DEADLINE", "ARGO__MAX_TASKS", "ARGO__ARCHITECTURE", "ARGO__KUBECONFIG", "ARGO__CONTEXT",
        "ARGO__STORE_ROLE", "ARGO__STORE_STS_ENDPOINT", "ARGO__STORE_LIFETIME",
    ];

    /// <summary>The settings, the store as pods see it included.</summary>
    /// <param name="store">Where the service keeps results; null is on files.</param>
    /// <param name="engine">Where tasks run.</param>
    /// <param name="isChosen">Whether somebody has said so: then other engines' settings may stand there too.</param>
    public WorkflowOptions Read(S3Options? store, string engine, bool isChosen)
    {
        var defaults = new WorkflowOptions();
        if (engine == SluiceSettings.ArgoEngine && store is null)
        {
            mistakes.Add("SLUICE_ENGINE: argo needs a store that pods can reach; set SLUICE_STORE__KIND=s3.");
        }

        if (!isChosen)
        {
            mistakes.AddRange(Known.Where(name => value(name) is not null).Select(name => $"SLUICE_{name}: is for Argo; set SLUICE_ENGINE=argo too."));
        }

        return defaults with
        {
            Namespace = Name("NAMESPACE") ?? (File.Exists(NamespaceFile) ? File.ReadAllText(NamespaceFile).Trim() : defaults.Namespace),
            ServiceAccount = Name("SERVICE_ACCOUNT") ?? defaults.ServiceAccount,
            ExecutorImage = Get("EXECUTOR_IMAGE") ?? defaults.ExecutorImage,
            Parallelism = Number("PARALLELISM", 1, 10_000) ?? defaults.Parallelism,
            KeepSeconds = Number("KEEP", 60, 31_536_000) ?? defaults.KeepSeconds,
            MaxTasks = Number("MAX_TASKS", 1, defaults.MaxTasks) ?? defaults.MaxTasks,
            DefaultDeadlineSeconds = Number("DEADLINE", 60, 31_536_000) ?? defaults.DefaultDeadlineSeconds,
            User = Number("USER", 1, int.MaxValue) ?? defaults.User,
            Architecture = Architecture(),
            NodeSelector = NodeSelector(),
            Tolerations = Tolerations(),
            PullSecrets = Get("PULL_SECRETS") is { } names ? [.. Items(names).Select(name => CheckName("PULL_SECRETS", name))] : [],
            Cpu = Quantity("CPU"),
            Memory = Quantity("MEMORY"),
            StartTimeout = TimeSpan.FromSeconds(Number("START_TIMEOUT", 10, 86_400) ?? (int)defaults.StartTimeout.TotalSeconds),
            KubeConfig = Get("KUBECONFIG"),
            Context = Get("CONTEXT"),
            StoreEndpoint = Endpoint("STORE_ENDPOINT") ?? store?.Endpoint,
            StoreRegion = store?.Region ?? defaults.StoreRegion,
            StoreBucket = store?.Bucket,
            StoreUsesPathStyle = store?.UsesPathStyle,
            StoreSecret = Name("STORE_SECRET") ?? defaults.StoreSecret,
            HasRunCredentials = Get("STORE_ROLE") is not null,
        };
    }

    /// <summary>Whose rights the pods of a run get a part of; null where all runs share a credential that is there.</summary>
    public S3RoleOptions? ReadRole()
    {
        var (role, endpoint, lifetime) = (Get("STORE_ROLE"), Endpoint("STORE_STS_ENDPOINT"), Number("STORE_LIFETIME", 900, 43_200));
        if (role is null)
        {
            mistakes.AddRange(OfTheRole.Where(name => Get(name) is not null)
                .Select(name => $"{Prefix}{name}: is for credentials of single runs; set {Prefix}STORE_ROLE too."));
            return null;
        }

        if (!RoleName().IsMatch(role))
        {
            Report("STORE_ROLE", role, "the ARN of a role, such as arn:aws:iam::123456789012:role/sluice-run");
        }

        return new S3RoleOptions { Role = role, Endpoint = endpoint, Lifetime = TimeSpan.FromSeconds(lifetime ?? 3600) };
    }

    private string? Get(string name) => value("ARGO__" + name);

    private static string[] Items(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private string? Name(string setting) => Get(setting) is { } name ? CheckName(setting, name) : null;

    private string CheckName(string setting, string name)
    {
        if (!ObjectName().IsMatch(name))
        {
            Report(setting, name, "a name of Kubernetes: lower-case letters, digits and '-'");
        }

        return name;
    }

    private int? Number(string name, int min, int max)
    {
        if (Get(name) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        Report(name, text, $"a whole number from {min} to {max}");
        return null;
    }

    private string Architecture()
    {
        var own = RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";
        var text = Get("ARCHITECTURE") ?? own;
        if (text is not ("amd64" or "arm64"))
        {
            Report("ARCHITECTURE", text, "amd64 or arm64");
        }

        return text;
    }

    private Dictionary<string, string> NodeSelector()
    {
        var labels = new Dictionary<string, string>();
        foreach (var item in Items(Get("NODE_SELECTOR") ?? ""))
        {
            if (item.Split('=') is [{ Length: > 0 } key, var label])
            {
                labels[key] = label;
            }
            else
            {
                Report("NODE_SELECTOR", item, "labels as key=value, with commas between them");
            }
        }

        return labels;
    }

    private List<NodeToleration> Tolerations()
    {
        var tolerations = new List<NodeToleration>();
        foreach (var item in Items(Get("TOLERATIONS") ?? ""))
        {
            if (Toleration().Match(item) is { Success: true } match)
            {
                tolerations.Add(new NodeToleration(match.Groups["key"].Value, Given(match.Groups["value"]), Given(match.Groups["effect"])));
            }
            else
            {
                Report("TOLERATIONS", item, "taints as key=value:effect, key:effect or key, with commas between them; an effect is NoSchedule, PreferNoSchedule or NoExecute");
            }
        }

        return tolerations;

        static string? Given(Group group) => group.Success ? group.Value : null;
    }

    private string? Quantity(string name)
    {
        if (Get(name) is { } text && !Amount().IsMatch(text))
        {
            Report(name, text, "an amount in Kubernetes' notation, for example 500m or 1Gi");
        }

        return Get(name);
    }

    private Uri? Endpoint(string name)
    {
        if (Get(name) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", PathAndQuery: "/", UserInfo: "" })
        {
            return uri;
        }

        mistakes.Add($"{Prefix}{name}: is not the address of a server; write one like http://minio.minio.svc:9000, without user and path.");
        return null;
    }

    private void Report(string name, string wrong, string right) => mistakes.Add($"{Prefix}{name}: '{wrong}' is not right; write {right}.");

    [GeneratedRegex("^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$")]
    private static partial Regex ObjectName();

    [GeneratedRegex(@"^arn:[^\s:]+:[^\s:]+:[^\s:]*:[^\s:]*:[^\s:]+$")]
    private static partial Regex RoleName();

    [GeneratedRegex("^[0-9]+([.][0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$")]
    private static partial Regex Amount();

    [GeneratedRegex("^(?<key>[A-Za-z0-9._/-]+)(=(?<value>[A-Za-z0-9._-]*))?(:(?<effect>NoSchedule|PreferNoSchedule|NoExecute))?$")]
    private static partial Regex Toleration();
}
