using System.Net;
using Sluice.Client;
using Sluice.Testing;
using Sluice.Testing.Registry;

namespace Sluice.Server.Tests.Images;

/// <summary>The whole service with containers and a registry whose tags move.</summary>
public sealed class SyncTests
{
    [Fact]
    public async Task A_sync_runs_the_tasks_whose_image_moved_with_what_follows_and_nothing_when_it_is_pushed_back()
    {
        await using var registry = await TestRegistry.StartAsync();
        await using var service = await StartAsync();
        using var repository = await RepositoryAsync($$"""
            one: {inputs: [x], outputs: [one], image: '{{registry.Host}}/a:1', command: [/busybox, sh, -c, '/busybox ls / > data/one']}
            two: {inputs: [x], outputs: [two], image: '{{registry.Host}}/b:1', command: [/busybox, cp, data/x, data/two]}
            three: {inputs: [one], outputs: [three], image: '{{registry.Host}}/b:1', command: [/busybox, cp, data/one, data/three]}
            """);
        var first = await registry.PushBusyboxAsync("a:1");
        await registry.PushBusyboxAsync("b:1");
        await service.RunAsync(repository);

        var unmoved = await service.RunAsync(repository, HttpStatusCode.OK, path: "/sync");
        var second = await registry.PushBusyboxAsync("a:1");
        var moved = await service.RunAsync(repository, path: "/sync");
        await registry.TagAsync("a:1", first);
        var back = await service.RunAsync(repository, path: "/sync");

        Assert.Equal("run", unmoved.Kind);
        Assert.Equal("sync", moved.Kind);
        Assert.Equal(["one: executed", "two: unchanged", "three: executed"], States(moved));
        var reason = Assert.Single(moved.Tasks![0].Reasons);
        Assert.Equal(("image_changed", $"{registry.Host}/a:1", $"{first[..19]} -> {second[..19]}"), (reason.Code, reason.Subject, reason.Detail));
        Assert.Equal(["one: cached", "two: unchanged", "three: cached"], States(back));
    }

    [Fact]
    public async Task An_image_built_for_the_commit_is_waited_for_and_a_sync_notices_that_it_was_pushed_again()
    {
        await using var registry = await TestRegistry.StartAsync();
        await using var service = await StartAsync();
        using var repository = await RepositoryAsync($$"""
            built: {inputs: [x], outputs: [one], image: '{{registry.Host}}/job', command: [/busybox, cp, data/x, data/one]}
            """);
        var tag = (await repository.GitAsync("rev-parse", "HEAD"))[..7];
        using var response = await service.PostAsync(new { job_name = "job", job_url = repository.Path, adopt = false }, prefer: "respond-async");
        var id = response.Headers.Location!.ToString().Split('/')[^1];
        await Eventually.TrueAsync(async () => (await service.Api.GetRunAsync(id)).Warnings.Any(
            warning => warning == $"the image {registry.Host}/job:{tag} is not there yet; it is waited for, 60 s at most"));

        await registry.PushBusyboxAsync($"job:{tag}");
        await service.Api.EventsAsync(id).LastAsync();
        var same = await service.RunAsync(repository, HttpStatusCode.OK, path: "/sync");
        await registry.PushBusyboxAsync($"job:{tag}");
        var again = await service.RunAsync(repository, HttpStatusCode.OK);
        var moved = await service.RunAsync(repository, path: "/sync");

        Assert.Equal((id, id), (same.Id, again.Id));
        Assert.Equal(["built: executed"], States(moved));
        Assert.Equal("image_changed", Assert.Single(moved.Tasks![0].Reasons).Code);
    }

    [Fact]
    public async Task A_sync_waits_for_an_image_as_a_run_does_and_others_run_meanwhile()
    {
        await using var registry = await TestRegistry.StartAsync();
        await using var service = await StartAsync(("SLUICE_PARALLELISM", "1"));
        using var repository = await RepositoryAsync($$"""
            built: {inputs: [x], outputs: [one], image: '{{registry.Host}}/job', command: [/busybox, cp, data/x, data/one]}
            """);
        using var other = await RepositoryAsync("""
            $job: {code_dir: src/job}
            t: {inputs: [x], outputs: [o], image: 'localhost/sluice-test:1', track_image: false, command: [/bin/cp, data/x, data/o]}
            """);
        using var response = await service.PostAsync(new { job_name = "job", job_url = repository.Path, adopt = false }, "/sync", prefer: "respond-async");
        var id = response.Headers.Location!.ToString().Split('/')[^1];
        await Eventually.TrueAsync(async () => (await service.Api.GetRunAsync(id)).Warnings.Any(warning => warning.Contains("is not there yet", StringComparison.Ordinal)));

        var meanwhile = await service.RunAsync(other, job: "other");
        var waiting = await service.Api.GetRunAsync(id);
        await registry.PushBusyboxAsync($"job:{(await repository.GitAsync("rev-parse", "HEAD"))[..7]}");
        await service.Api.EventsAsync(id).LastAsync();

        Assert.Equal(["t: executed"], States(meanwhile));
        Assert.Equal("running", waiting.Status);
        Assert.Equal(["built: executed"], States(await service.Api.GetRunAsync(id)));
    }

    [Fact]
    public async Task An_image_that_was_pushed_again_is_what_a_run_takes_although_an_older_one_is_here()
    {
        await using var registry = await TestRegistry.StartAsync();
        await using var service = await StartAsync();
        using var repository = await RepositoryAsync($$"""
            built: {inputs: [x], outputs: [one], image: '{{registry.Host}}/job', command: [/busybox, sh, -c, '/busybox ls / > data/one']}
            """);
        var tag = (await repository.GitAsync("rev-parse", "HEAD"))[..7];
        await registry.PushBusyboxAsync($"job:{tag}");
        var first = await service.RunAsync(repository);
        var older = await service.Http.GetStringAsync($"/api/v1/jobs/job/commits/{first.Commit}/data/one");
        await registry.PushBusyboxAsync($"job:{tag}");

        using var forced = await service.PostAsync(new { job_name = "job", job_url = repository.Path, adopt = false, force = new[] { "built" } });

        Assert.Equal(HttpStatusCode.Created, forced.StatusCode);
        Assert.NotEqual(older, await service.Http.GetStringAsync($"/api/v1/jobs/job/commits/{first.Commit}/data/one"));
        await service.RunAsync(repository, HttpStatusCode.OK, path: "/sync");
    }

    [Fact]
    public async Task Without_its_registry_a_job_that_needs_a_digest_gets_an_error_and_another_none()
    {
        using var untracked = await RepositoryAsync("""
            $job: {code_dir: src/job}
            built: {inputs: [x], outputs: [one], image: 'localhost/sluice-test:1', track_image: false, command: [/bin/cp, data/x, data/one]}
            """);
        await using var registry = await TestRegistry.StartAsync();
        await using var service = await StartAsync();
        using var tracked = await RepositoryAsync($"t: {{inputs: [x], outputs: [o], image: '{registry.Host}/a:1', command: [/busybox, cp, data/x, data/o]}}");
        await registry.PushBusyboxAsync("a:1");
        await service.RunAsync(tracked);
        await service.RunAsync(untracked, job: "other");
        await registry.DisposeAsync();

        using var down = await service.PostAsync(new { job_name = "job", job_url = tracked.Path, adopt = false });
        await service.RunAsync(untracked, HttpStatusCode.OK, "other");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, down.StatusCode);
        Assert.Contains($"the image \\u0027{registry.Host}/a:1\\u0027 could not be looked up: 127.0.0.1 did not answer", await down.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Task<TestService> StartAsync(params (string, string)[] more) => TestService.StartAsync(
        [.. TestContainers.Settings(), .. more, ("SLUICE_CONTAINER__PULL", "missing"), ("SLUICE_IMAGES__WAIT", "60"), ("SLUICE_IMAGES__INSECURE", "127.0.0.1"), ("SLUICE_IMAGES__PRIVATEHOSTS", "127.0.0.1")]);

    private static Task<TestRepository> RepositoryAsync(string manifest) => TestRepository.CreateAsync(
        [("dependencies.yaml", manifest), ("data/x", "1"), .. new[] { "one", "two", "three", "built", "t" }.Select(task => ($"src/job/{task}", task))]);

    private static IEnumerable<string> States(RunView run) => run.Tasks!.Select(task => $"{task.Name}: {task.State}");
}
