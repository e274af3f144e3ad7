using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Testing;
using Sluice.Testing.Kubernetes;

namespace Sluice.Server.Tests.Argo;

/// <summary>What pods say is a proposal, and what they hold is not the command's to see.</summary>
public sealed class ArgoTrustTests
{
    [Theory]
    [InlineData("bytes")]
    [InlineData("missing")]
    [InlineData("fingerprint")]
    [InlineData("outputs")]
    [InlineData("twice")]
    [InlineData("holes")]
    [InlineData("no JSON")]
    [InlineData("large")]
    public async Task A_claim_that_does_not_match_is_refused_and_the_task_is_run_again(string lie)
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync("t: {code: [src/x], outputs: [o], command: echo made > data/o}\n");
        cluster.Argo.Kubernetes.Answer(request => request.Method == "GET", KubernetesAnswer.Text(503, "unavailable"));
        var id = await cluster.BeginAsync(repository);
        await Eventually.TrueAsync(async () => (await cluster.KeysAsync($".sluice/work/{id}/claims")).Count == 1);
        await cluster.Service.KillAsync();
        await LieAsync(cluster, id, lie);
        cluster.Argo.Kubernetes.ClearAnswers();
        await cluster.Service.RestartAsync();

        var run = await cluster.EndAsync(id);

        Assert.Equal(("succeeded", "executed"), (run.Status, run.Tasks![0].State));
        Assert.Contains(run.Warnings, warning => warning.StartsWith("t: what its pod says it made was refused", StringComparison.Ordinal));
        Assert.Equal("made\n", await cluster.Service.Http.GetStringAsync($"/api/v1/jobs/job/commits/{run.Commit}/data/o"));
        Assert.Equal(2, cluster.Argo.Kubernetes.ListWorkflows().Count);
    }

    [Fact]
    public async Task The_command_sees_no_credential_and_no_variable_of_the_pod()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync($$"""
            t:
              code: [src/x]
              outputs: [seen]
              command: |
                env > data/seen
                tr '\0' '\n' < /proc/$PPID/environ >> data/seen 2>&1 || true
                cat /proc/$PPID/maps >> data/seen 2>&1 || true
                ls -la ../../../.. >> data/seen
                grep -rs '{{TestS3.PodSecretKey}}' ../../../.. >> data/seen || true
            """);

        var run = await cluster.Service.RunAsync(repository);

        var seen = await cluster.Service.Http.GetStringAsync($"/api/v1/jobs/job/commits/{run.Commit}/data/seen");
        Assert.Contains("Permission denied", seen, StringComparison.Ordinal);
        Assert.Contains("DATA_OUTPUT_PATH=", seen, StringComparison.Ordinal);
        Assert.Contains("executor", seen, StringComparison.Ordinal);
        Assert.DoesNotContain(TestS3.PodSecretKey, seen, StringComparison.Ordinal);
        Assert.DoesNotMatch("(STORE_|POD_NAME|KUBERNETES_|ARGO_|HOSTNAME|credential)", seen);
    }

    [Fact]
    public async Task An_image_does_not_decide_over_which_proxy_its_pod_reaches_the_store()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        cluster.Argo.Variables["http_proxy"] = "http://127.0.0.1:9";
        using var repository = await ArgoCluster.RepositoryAsync("t: {code: [src/x], outputs: [o], command: echo $http_proxy > data/o}\n");

        var run = await cluster.Service.RunAsync(repository);

        Assert.Equal("http://127.0.0.1:9\n", await cluster.Service.Http.GetStringAsync($"/api/v1/jobs/job/commits/{run.Commit}/data/o"));
    }

    [Fact]
    public async Task A_pod_that_the_store_does_not_let_in_is_an_outage_told_in_its_own_words()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        cluster.Argo.Secrets["sluice-task-store/access_key"] = "nobody";
        using var repository = await ArgoCluster.RepositoryAsync("t: {code: [src/x], outputs: [o], command: echo made > data/o}\n");

        using var response = await cluster.Service.PostAsync(new { job_name = "job", job_url = repository.Path, adopt = false });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("it does not know the access key", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_pod_says_of_a_failure_is_set_aside_where_it_says_too_much_and_its_log_is_kept_as_far_as_one_may_go()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync("t: {code: [src/x], outputs: [o], command: exit 3}\n");
        cluster.Argo.Kubernetes.Answer(request => request.Method == "GET", KubernetesAnswer.Text(503, "unavailable"));
        var id = await cluster.BeginAsync(repository);
        await Eventually.TrueAsync(async () => (await cluster.KeysAsync($".sluice/work/{id}/reports")).Count == 1);
        await cluster.Service.KillAsync();
        var report = (await cluster.KeysAsync($".sluice/work/{id}/reports")).Single();
        await cluster.PutAsync(report, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(await cluster.GetAsync(report)).PadRight(1024 * 1024)));
        var pod = Path.GetFileNameWithoutExtension(report);
        await Eventually.TrueAsync(() => cluster.Argo.Kubernetes.FindWorkflow(WorkflowOf(cluster))!["status"]?["phase"]?.ToString() == "Failed");
        cluster.Argo.Kubernetes.Log(pod).Append(new byte[70 * 1024 * 1024]);
        cluster.Argo.Kubernetes.ClearAnswers();
        await cluster.Service.RestartAsync();

        var run = await cluster.EndAsync(id);

        Assert.Contains($"t: what its pod {pod} says of an attempt was set aside: it has more than 256 KiB", run.Warnings);
        Assert.Equal(3, run.Tasks![0].ExitCode);
        Assert.Equal(65 * 1024 * 1024, (await cluster.Service.Http.GetByteArrayAsync($"/api/v1/runs/{id}/log?task=t")).Length);
    }

    private static string WorkflowOf(ArgoCluster cluster) => Assert.Single(cluster.Argo.Kubernetes.ListWorkflows())["metadata"]!["name"]!.ToString();

    private static async Task LieAsync(ArgoCluster cluster, string id, string lie)
    {
        var claimed = (await cluster.KeysAsync($".sluice/work/{id}/claims")).Single();
        var contents = await cluster.KeysAsync($".sluice/work/{id}/contents");
        foreach (var key in contents.Where(_ => lie is "bytes" or "missing"))
        {
            await (lie == "missing" ? cluster.DeleteAsync(key) : cluster.PutAsync(key, "lies\n"u8.ToArray()));
        }

        var claim = JsonNode.Parse(await cluster.GetAsync(claimed))!;
        if (lie == "fingerprint")
        {
            claim["fingerprint"] = $"sha256:{new string('0', 64)}";
        }
        else if (lie == "outputs")
        {
            claim["files"]!["outputs"]![0]!["path"] = "elsewhere";
        }
        else if (lie is "twice" or "holes")
        {
            claim["files"]!["outputs"]!.AsArray().Add(lie == "twice" ? claim["files"]!["outputs"]![0]!.DeepClone() : new JsonObject { ["path"] = "o2" });
        }

        await cluster.PutAsync(claimed, Encoding.UTF8.GetBytes(lie == "no JSON" ? "{" : lie == "large" ? claim.ToJsonString().PadRight(33 * 1024 * 1024) : claim.ToJsonString()));
    }
}
