using System.Net;
using Sluice.Testing;
using Sluice.Testing.Kubernetes;

namespace Sluice.Server.Tests.Argo;

/// <summary>What breaks around a run on a cluster: a content, a node with its logs, a right, and a person who changes his mind.</summary>
public sealed class ArgoFaultTests
{
    private const string Sleeper = "t: {code: [src/x], outputs: [o], command: exec sleep 60}\n";

    [Fact]
    public async Task A_content_that_a_pod_finds_damaged_is_set_aside_and_made_again()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync(
            """
            a: {code: [src/x], outputs: [a], command: echo aaaa > data/a}
            b: {code: [src/y], inputs: [a], outputs: [b], command: cat data/a data/a > data/b}
            """,
            ("src/y", "1"));
        var first = await cluster.Service.RunAsync(repository);
        await SpoilAsync(cluster, (await cluster.Service.Api.GetCommitAsync("job", first.Commit)).Files.Single(file => file.Path == "a").Digest["sha256:".Length..]);
        await repository.CommitAsync(("src/y", "2"));

        var run = await cluster.Service.RunAsync(repository);

        Assert.Equal(["a executed", "b executed"], run.Tasks!.Select(task => $"{task.Name} {task.State}"));
        Assert.Equal("aaaa\naaaa\n", await cluster.Service.Http.GetStringAsync($"/api/v1/jobs/job/commits/{run.Commit}/data/b"));
        Assert.Single(await cluster.KeysAsync(".sluice/damaged"));
    }

    [Fact]
    public async Task How_a_task_failed_is_told_although_its_log_went_with_its_node()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync("t: {code: [src/x], outputs: [o], command: 'kill -9 $PPID; sleep 9'}\n");
        cluster.Argo.Kubernetes.Answer(
            request => request.Path.EndsWith("/log", StringComparison.Ordinal),
            KubernetesAnswer.Failure(500, "InternalError", "Get \"https://10.0.0.7:10250/containerLogs\": dial tcp 10.0.0.7:10250: i/o timeout"));

        using var response = await cluster.Service.PostAsync(new { job_name = "job", job_url = repository.Path, adopt = false });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("killed by SIGKILL", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_cancels_while_a_workflow_is_handed_over_stops_it_although_it_comes_only_after_that()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync(Sleeper);
        var (asked, carriedOut) = (new TaskCompletionSource(), new TaskCompletionSource());
        cluster.Argo.Kubernetes.OnAsked = request =>
        {
            asked.TrySetResult();
            return request.Method == "POST" ? carriedOut.Task : Task.CompletedTask;
        };
        var id = await cluster.BeginAsync(repository);
        await asked.Task;

        await cluster.Service.Api.CancelAsync(id);
        await Eventually.TrueAsync(() => cluster.Argo.Kubernetes.Requests.Any(request => request.Method == "PATCH"));
        for (var looks = 0; looks < 50; looks++)
        {
            Assert.Equal("running", (await cluster.Service.Api.GetRunAsync(id)).Status);
        }

        carriedOut.SetResult();
        var run = await cluster.EndAsync(id);

        Assert.Equal("cancelled", run.Status);
        await Eventually.TrueAsync(() => cluster.Argo.Kubernetes.ListWorkflows().Count == 1);
        await Eventually.TrueAsync(() => IsStopped(cluster));
    }

    [Fact]
    public async Task What_cannot_be_stopped_after_its_run_finds_nothing_more_to_do()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync("""
            a: {code: [src/x], outputs: [a], command: 'sleep 3; echo > data/a'}
            b: {code: [src/x], inputs: [a], outputs: [b], command: echo > data/b}
            """);
        cluster.Argo.Kubernetes.Answer(request => request.Method == "PATCH", KubernetesAnswer.Failure(403, "Forbidden", "workflows.argoproj.io is forbidden"));
        var id = await cluster.BeginAsync(repository);
        await Eventually.TrueAsync(() => cluster.Argo.Begun == 1);

        await cluster.Service.Api.CancelAsync(id);
        var run = await cluster.EndAsync(id);

        Assert.Equal("cancelled", run.Status);
        Assert.Contains(run.Warnings, warning => warning.Contains("could not be stopped", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => PhaseOf(cluster) is "Failed" or "Succeeded");
        Assert.Equal("Failed", PhaseOf(cluster));
        Assert.DoesNotContain($".sluice/work/{id}/claims/1.json", await cluster.KeysAsync($".sluice/work/{id}"));
    }

    [Fact]
    public async Task A_run_that_fails_for_trouble_outside_leaves_no_workflow_behind()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync(Sleeper);
        cluster.Argo.Kubernetes.Answer(request => request.Method == "GET", KubernetesAnswer.Failure(403, "Forbidden", "workflows.argoproj.io is forbidden"));

        var run = await cluster.EndAsync(await cluster.BeginAsync(repository));

        Assert.Equal("failed", run.Status);
        Assert.Contains("lacks a right", run.Error, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => IsStopped(cluster));
    }

    [Fact]
    public async Task A_workflow_that_was_deleted_while_the_service_was_away_gets_a_successor_of_another_name()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync("t: {code: [src/x], outputs: [o], command: 'sleep 2; echo > data/o'}\n");
        var id = await cluster.BeginAsync(repository);
        await Eventually.TrueAsync(() => cluster.Argo.Kubernetes.ListWorkflows().Count == 1);
        await cluster.Service.KillAsync();
        var name = cluster.Argo.Kubernetes.ListWorkflows()[0]["metadata"]!["name"]!.ToString();
        cluster.Argo.Kubernetes.Delete(name);
        cluster.Argo.Kubernetes.OnDeleted!(name);
        await cluster.Service.RestartAsync();

        var run = await cluster.EndAsync(id);

        Assert.Equal("succeeded", run.Status);
        Assert.Equal([name + "-2"], cluster.Argo.Kubernetes.ListWorkflows().Select(workflow => workflow["metadata"]!["name"]!.ToString()));
    }

    private static string? PhaseOf(ArgoCluster cluster) => Assert.Single(cluster.Argo.Kubernetes.ListWorkflows())["status"]?["phase"]?.ToString();

    private static bool IsStopped(ArgoCluster cluster) =>
        Assert.Single(cluster.Argo.Kubernetes.ListWorkflows())["spec"]!["shutdown"]?.ToString() == "Terminate";

    // Of the same size and with its seal, so that only reading shows it.
    private static async Task SpoilAsync(ArgoCluster cluster, string digest)
    {
        using var stream = new MemoryStream("bbbb\n"u8.ToArray());
        var put = new Amazon.S3.Model.PutObjectRequest { BucketName = cluster.Bucket, Key = $"job/.sluice/cas/sha256/{digest[..2]}/{digest}", InputStream = stream };
        put.Metadata["sha256"] = digest;
        await cluster.Store.PutObjectAsync(put);
    }
}
