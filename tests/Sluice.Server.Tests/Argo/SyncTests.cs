using System.Net;
using System.Net.Http.Json;
using Sluice.Client;
using Sluice.Testing;
using Sluice.Testing.Registry;

namespace Sluice.Server.Tests.Argo;

/// <summary><c>POST /sync</c> with a real registry: what runs in an image that was pushed again, and nothing else.</summary>
public sealed class SyncTests
{
    [Fact]
    public async Task A_tag_that_was_pushed_again_runs_its_tasks_and_what_follows_and_pushed_back_nothing()
    {
        await using var registry = await TestRegistry.StartAsync();
        await registry.PushAsync("tool:1", "first");
        await registry.PushAsync("other:1", "other");
        await using var cluster = await StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync($$"""
            a: {code: [src/x], image: '{{registry.Host}}/tool:1', outputs: [a], command: echo a > data/a}
            b: {code: [src/x], image: '{{registry.Host}}/other:1', inputs: [a], outputs: [b], command: cp data/a data/b}
            c: {code: [src/x], image: '{{registry.Host}}/other:1', outputs: [c], command: echo > data/c}
            """);
        await cluster.Service.RunAsync(repository);
        var nothing = await SyncAsync(cluster, repository);
        await registry.PushAsync("tool:1", "second");

        var moved = await SyncAsync(cluster, repository);
        await registry.PushAsync("tool:1", "first");
        var back = await SyncAsync(cluster, repository);

        Assert.Equal(HttpStatusCode.OK, nothing.Status);
        Assert.Equal((HttpStatusCode.Created, "sync"), (moved.Status, moved.Run.Kind));
        Assert.Equal("executed", moved.Run.Tasks![0].State);
        Assert.Equal("unchanged", moved.Run.Tasks[2].State);
        Assert.Contains("image_changed", moved.Run.Tasks[0].Reasons.Select(reason => reason.Code));
        Assert.Matches("^sha256:[0-9a-f]{12} -> sha256:[0-9a-f]{12}$", moved.Run.Tasks[0].Reasons[0].Detail);
        Assert.Equal(HttpStatusCode.Created, back.Status);
        Assert.Equal(["a cached", "b unchanged", "c unchanged"], back.Run.Tasks!.Select(task => $"{task.Name} {task.State}"));
    }

    [Fact]
    public async Task An_image_built_for_the_commit_that_was_pushed_again_runs_its_tasks_with_sync_only()
    {
        await using var registry = await TestRegistry.StartAsync();
        await using var cluster = await StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync($$"""
            a: {code: [src/x], image: '{{registry.Host}}/job', outputs: [a], command: echo a > data/a}
            b: {code: [src/x], image: '{{registry.Host}}/job', inputs: [a], outputs: [b], command: cp data/a data/b}
            """);
        var commit = (await repository.GitAsync("rev-parse", "HEAD")).Trim();
        await registry.PushAsync($"job:{commit[..7]}", "first");
        var first = await cluster.Service.RunAsync(repository);
        var nothing = await SyncAsync(cluster, repository);
        await registry.PushAsync($"job:{commit[..7]}", "second");
        await cluster.Service.RunAsync(repository, HttpStatusCode.OK);

        var moved = await SyncAsync(cluster, repository);
        var again = await SyncAsync(cluster, repository);

        Assert.Equal((HttpStatusCode.OK, first.Id), (nothing.Status, nothing.Run.Id));
        Assert.Equal(HttpStatusCode.Created, moved.Status);
        Assert.Equal(["a executed image_changed", "b executed image_changed"], moved.Run.Tasks!.Select(task => $"{task.Name} {task.State} {task.Reasons[0].Code}"));
        Assert.Equal(moved.Run.Id, again.Run.Id);
    }

    [Fact]
    public async Task A_registry_that_is_away_stops_a_run_that_needs_it_and_no_other()
    {
        await using var cluster = await StartAsync();
        using var tracked = await ArgoCluster.RepositoryAsync("t: {code: [src/x], image: '127.0.0.1:1/tool:1', outputs: [o], command: echo > data/o}\n");
        using var built = await ArgoCluster.RepositoryAsync("t: {code: [src/x], image: '127.0.0.1:1/tool', outputs: [o], command: echo > data/o}\n");

        using var refused = await cluster.Service.PostAsync(new { job_name = "tracked", job_url = tracked.Path });
        var run = await cluster.Service.RunAsync(built, job: "built");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("127.0.0.1:1/tool:1", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("succeeded", run.Status);
    }

    private static Task<ArgoCluster> StartAsync() => ArgoCluster.StartAsync(("SLUICE_IMAGES__INSECURE", "127.0.0.1"), ("SLUICE_IMAGES__PRIVATEHOSTS", "127.0.0.1"));

    private static async Task<(HttpStatusCode Status, RunView Run)> SyncAsync(ArgoCluster cluster, TestRepository repository)
    {
        using var response = await cluster.Service.PostAsync(new { job_name = "job", job_url = repository.Path, adopt = false }, path: "/sync");
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (response.StatusCode, (await response.Content.ReadFromJsonAsync(ClientJson.Default.RunView))!);
    }
}
