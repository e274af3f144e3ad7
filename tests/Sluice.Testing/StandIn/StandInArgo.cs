using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Testing.Kubernetes;
using Xunit;

namespace Sluice.Testing.StandIn;

/// <summary>
/// Does what Argo's controller and a kubelet would with the Workflows of a <see cref="TestKubernetes"/>: order, retries, deadlines, init and main
/// containers, as processes of this machine. Most images are not looked at: every program is this machine's.
/// </summary>
public sealed class StandInArgo : IAsyncDisposable
{
    /// <summary>The environment variable with the path of the published executor.</summary>
    public const string Variable = "TEST_EXECUTOR";

    private readonly ConcurrentDictionary<string, StandInWorkflow> _workflows = [];
    private readonly TempFolder _folder = new();
    private int _begun;

    private StandInArgo(TestKubernetes kubernetes) => Kubernetes = kubernetes;

    /// <summary>The cluster.</summary>
    public TestKubernetes Kubernetes { get; }

    /// <summary>What every Secret holds that somebody made beforehand, by <c>name/key</c>; others are the cluster's.</summary>
    public Dictionary<string, string> Secrets { get; } = new()
    {
        ["sluice-task-store/access_key"] = TestS3.PodAccessKey,
        ["sluice-task-store/secret_key"] = TestS3.PodSecretKey,
    };

    /// <summary>
    /// Images that are folders of this machine: their containers see that folder alone, read-only, and their volumes. Needs root. All others see
    /// this machine.
    /// </summary>
    public Dictionary<string, string> Images { get; } = [];

    /// <summary>Variables that images bring, besides the usual ones.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>Called before a main container begins, with the pod's folder and name; where it says true, the pod is lost half-way and made again.</summary>
    public Func<string, bool> LosesPod { get; set; } = _ => false;

    /// <summary>What was wrong with the Workflows by Argo's own schema.</summary>
    public ConcurrentQueue<string> Problems { get; } = [];

    /// <summary>How many main containers have begun.</summary>
    public int Begun => _begun;

    /// <summary>The executor; the tests that need one are skipped without it.</summary>
    public static string Executor => Environment.GetEnvironmentVariable(Variable) ?? throw new InvalidOperationException("There is no executor.");

    /// <summary>Skips the test where there is no executor.</summary>
    public static void Require() => Assert.SkipWhen(
        Environment.GetEnvironmentVariable(Variable) is null, $"needs the executor: make executor, then {Variable}=bin/sluice-executor; make test does both");

    /// <summary>Starts a cluster with one.</summary>
    public static async Task<StandInArgo> StartAsync()
    {
        Require();
        var argo = new StandInArgo(await TestKubernetes.StartAsync());
        argo.Kubernetes.OnCreated = argo.Begin;
        argo.Kubernetes.OnPatched = workflow =>
        {
            if (workflow["spec"]!["shutdown"] is not null)
            {
                argo._workflows[workflow["metadata"]!["name"]!.ToString()].Shut();
            }
        };
        argo.Kubernetes.OnDeleted = name => argo._workflows[name].Shut();
        return argo;
    }

    /// <summary>The settings of a service that runs its tasks there.</summary>
    public (string Name, string Value)[] Settings =>
        [("SLUICE_ENGINE", "argo"), ("SLUICE_ARGO__KUBECONFIG", Kubernetes.KubeConfig), ("SLUICE_ARGO__NAMESPACE", Kubernetes.Namespace)];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var workflow in _workflows.Values)
        {
            workflow.Shut();
        }

        foreach (var workflow in _workflows.Values)
        {
            await workflow.Ended;
            workflow.Dispose();
        }

        await Kubernetes.DisposeAsync();
        _folder.Dispose();
    }

    internal string NewFolder(string pod) => Directory.CreateDirectory(Path.Combine(_folder.Path, "pods", pod, Path.GetRandomFileName())).FullName;

    internal string Secret(string name, string key) => Kubernetes.FindSecret(name) is { } made
        ? Encoding.UTF8.GetString(Convert.FromBase64String(made["data"]![key]!.ToString()))
        : Secrets[$"{name}/{key}"];

    internal void CountBegun() => Interlocked.Increment(ref _begun);

    private void Begin(JsonObject created)
    {
        foreach (var problem in WorkflowSchema.Validate(created))
        {
            Problems.Enqueue(problem);
        }

        var workflow = new StandInWorkflow(this, created);
        _workflows[created["metadata"]!["name"]!.ToString()] = workflow;
        workflow.Begin();
    }
}
