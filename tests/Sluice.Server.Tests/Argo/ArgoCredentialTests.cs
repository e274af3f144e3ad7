using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.S3;
using Sluice.Core.Clusters;
using Sluice.Testing;
using Sluice.Testing.Kubernetes;
using Sluice.Testing.StandIn;

namespace Sluice.Server.Tests.Argo;

/// <summary>Each run's pods with a credential of their own, from the real server's STS.</summary>
public sealed class ArgoCredentialTests
{
    private const string Sleeper = "t: {code: [src/x], outputs: [o], command: exec sleep 60}\n";

    [Fact]
    public async Task A_run_needs_no_credential_that_others_have_and_leaves_none()
    {
        await using var cluster = await StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync(
            """
            a: {code: [src/x], outputs: [a], command: echo a > data/a}
            b: {code: [src/x], inputs: [a], outputs: [b], command: cat data/a data/a > data/b}
            c: {code: [src/x], outputs: [c], command: head -c 70000000 /dev/zero > data/c}
            """);

        var run = await cluster.Service.RunAsync(repository);

        Assert.Equal("a\na\n", await cluster.Service.Http.GetStringAsync($"/api/v1/jobs/job/commits/{run.Commit}/data/b"));
        Assert.Equal(["a executed", "b executed", "c executed"], run.Tasks!.Select(task => $"{task.Name} {task.State}"));
        await NoneIsLeftAsync(cluster);
        Assert.Empty(cluster.Argo.Problems);
    }

    [Fact]
    public async Task The_command_line_does_the_same_without_a_service()
    {
        var store = await TestS3.SettingsAsync();
        await using var argo = await StandInArgo.StartAsync();
        argo.Secrets.Clear();
        using var repository = await ArgoCluster.RepositoryAsync("t: {code: [src/x], outputs: [o], command: echo made > data/o}\n");
        using var folder = new TempFolder();
        var sluice = new SluiceCommand(repository, folder["state"])
        {
            Environment = store.Concat(argo.Settings).Append((ArgoCluster.RunRole, TestS3.Role)).Where(setting => setting.Item1 != "SLUICE_ENGINE")
                .ToDictionary(setting => setting.Item1, setting => (string?)setting.Item2),
        };

        await sluice.RunAsync(0, "run", "--job", "job", "--engine", "argo");

        Assert.Single(argo.Kubernetes.Requests, request => request is { Method: "POST" } && request.Path.EndsWith("/secrets", StringComparison.Ordinal));
        Assert.Empty(argo.Kubernetes.ListSecrets());
    }

    [Fact]
    public async Task What_a_task_failed_with_is_told_with_its_log()
    {
        await using var cluster = await StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync("t: {code: [src/x], outputs: [o], command: echo words; exit 3}\n");

        using var response = await cluster.Service.PostAsync(new { job_name = "job", job_url = repository.Path, adopt = false });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("words", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await NoneIsLeftAsync(cluster);
    }

    [Fact]
    public async Task It_opens_its_own_run_and_goes_with_it()
    {
        await using var cluster = await StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync(Sleeper);
        var id = await cluster.BeginAsync(repository);
        await Eventually.TrueAsync(() => cluster.Argo.Begun == 1);
        using var pod = TestS3.Connect(CredentialOf(Assert.Single(cluster.Argo.Kubernetes.ListSecrets())));

        using var order = await pod.GetObjectAsync(cluster.Bucket, $"job/.sluice/work/{id}/orders/0.json");
        await PutAsync(pod, cluster.Bucket, $"job/.sluice/work/{id}/reports/0/pod.json");
        foreach (var key in new[] { "work/" + new string('0', 26) + "/claims/0.json", $"work/{id}/orders/0.json", "results/00/0.json", "cas/sha256/00/0", "commits/0/1.json" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await Assert.ThrowsAsync<AmazonS3Exception>(() => PutAsync(pod, cluster.Bucket, "job/.sluice/" + key))).StatusCode);
        }

        await cluster.Service.Api.CancelAsync(id);
        await cluster.EndAsync(id);
        await NoneIsLeftAsync(cluster);
    }

    [Fact]
    public async Task Where_a_workflow_cannot_be_stopped_it_stays_as_long_as_that()
    {
        await using var cluster = await StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync(Sleeper);
        cluster.Argo.Kubernetes.Answer(
            request => request is { Method: "PATCH", IsForWorkflows: true }, KubernetesAnswer.Failure(403, "Forbidden", "workflows.argoproj.io is forbidden"));
        var id = await cluster.BeginAsync(repository);
        await Eventually.TrueAsync(() => cluster.Argo.Begun == 1);

        await cluster.Service.Api.CancelAsync(id);
        await cluster.EndAsync(id);
        await Eventually.TrueAsync(async () => (await cluster.KeysAsync($".sluice/work/{id}/orders")).Count == 0);

        Assert.Single(cluster.Argo.Kubernetes.ListSecrets());
        cluster.Argo.Kubernetes.Delete(cluster.Argo.Kubernetes.ListWorkflows()[0]["metadata"]!["name"]!.ToString());
        Assert.Empty(cluster.Argo.Kubernetes.ListSecrets());
    }

    [Fact]
    public async Task A_service_that_takes_a_run_up_again_gives_its_later_pods_a_new_one()
    {
        await using var cluster = await StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync("t: {code: [src/x], outputs: [o], command: 'until [ -e /tmp/$MARK ]; do sleep 0.1; done; echo made > data/o'}\n"
            .Replace("$MARK", "sluice-" + Guid.NewGuid().ToString("n"), StringComparison.Ordinal));
        var mark = (await File.ReadAllTextAsync(Path.Combine(repository.Path, "dependencies.yaml"))).Split("/tmp/")[1].Split(' ')[0];
        var id = await cluster.BeginAsync(repository);
        await Eventually.TrueAsync(() => cluster.Argo.Begun == 1);
        var first = CredentialOf(Assert.Single(cluster.Argo.Kubernetes.ListSecrets()));

        await cluster.Service.KillAsync();
        await cluster.Service.RestartAsync();
        await Eventually.TrueAsync(() => CredentialOf(Assert.Single(cluster.Argo.Kubernetes.ListSecrets())) != first);
        await using (File.Create("/tmp/" + mark))
        {
            Assert.Equal("succeeded", (await cluster.EndAsync(id)).Status);
        }

        File.Delete("/tmp/" + mark);
        await NoneIsLeftAsync(cluster);
        Assert.Single(cluster.Argo.Kubernetes.ListWorkflows());
    }

    [Theory]
    [InlineData("arn:aws:iam:::role/nobody", null, HttpStatusCode.BadGateway, "there is no role 'arn:aws:iam:::role/nobody'")]
    [InlineData(TestS3.Role, "http://127.0.0.1:1", HttpStatusCode.ServiceUnavailable, "nobody listens there; check SLUICE_ARGO__STORE_STS_ENDPOINT")]
    public async Task Where_none_can_be_had_nothing_is_handed_over(string role, string? endpoint, HttpStatusCode status, string words)
    {
        await using var cluster = await ArgoCluster.StartAsync([(ArgoCluster.RunRole, role), .. endpoint is null ? Array.Empty<(string, string)>() : [("SLUICE_ARGO__STORE_STS_ENDPOINT", endpoint)]]);
        using var repository = await ArgoCluster.RepositoryAsync(Sleeper);

        using var response = await cluster.Service.PostAsync(new { job_name = "job", job_url = repository.Path, adopt = false });

        Assert.Equal(status, response.StatusCode);
        Assert.Contains(words, JsonNode.Parse(await response.Content.ReadAsStringAsync())!["detail"]!.ToString(), StringComparison.Ordinal);
        Assert.Empty(cluster.Argo.Kubernetes.ListWorkflows());
    }

    [Fact]
    public async Task A_service_without_the_right_to_make_Secrets_says_so()
    {
        await using var cluster = await StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync(Sleeper);
        cluster.Argo.Kubernetes.Answer(
            request => request is { Method: "POST" } && request.Path.EndsWith("/secrets", StringComparison.Ordinal),
            KubernetesAnswer.Failure(403, "Forbidden", "secrets is forbidden: User \"system:serviceaccount:sluice:sluice\" cannot create resource \"secrets\" in API group \"\""));

        using var response = await cluster.Service.PostAsync(new { job_name = "job", job_url = repository.Path, adopt = false });

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains("the account lacks a right: secrets is forbidden", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(cluster.Argo.Kubernetes.ListWorkflows());
    }

    private static async Task<ArgoCluster> StartAsync()
    {
        var cluster = await ArgoCluster.StartAsync((ArgoCluster.RunRole, TestS3.Role));
        cluster.Argo.Secrets.Clear();
        return cluster;
    }

    // How a run ended is told before what it leaves is taken away.
    private static Task NoneIsLeftAsync(ArgoCluster cluster) => Eventually.TrueAsync(() => cluster.Argo.Kubernetes.ListSecrets().Count == 0);

    private static RunCredential CredentialOf(JsonObject secret)
    {
        return new RunCredential(Read("access_key"), Read("secret_key"), Read("session_token"));

        string Read(string key) => Encoding.UTF8.GetString(Convert.FromBase64String(secret["data"]![key]!.ToString()));
    }

    private static async Task PutAsync(AmazonS3Client client, string bucket, string key)
    {
        // Without a body: this server leaves that of a put that it refuses on the connection, and takes it for the next request.
        using var stream = new MemoryStream();
        await client.PutObjectAsync(new() { BucketName = bucket, Key = key, InputStream = stream, UseChunkEncoding = false });
    }
}
