using System.Net;
using System.Text;
using Sluice.Testing;
using Sluice.Testing.Registry;

namespace Sluice.Server.Tests;

/// <summary>The whole service with tasks as containers.</summary>
public abstract class ContainerTests(Uri host)
{
    private const string Job = """
        $job: {defaults: {image: 'localhost/sluice-test:1', track_image: false}}
        first: {inputs: [in/], outputs: [a, made/], script: s.sh, resources: {cpu: 500m, memory: 64Mi}, command: 'sh src/job/s.sh'}
        second: {inputs: [a, made/], outputs: [b], script: s.sh, env: {N: 3}, command: 'find data -type f ! -name b | sort | xargs cat > data/b; echo "$PWD $HOME $DATA_INPUT_PATH $N" > $LOGS_OUTPUT_PATH/where'}
        third: {inputs: [b], outputs: [c], script: s.sh, command: ['/bin/cp', data/b, data/c]}
        """;

    // Also a link by its full name, which only the container knows, and files that only their owner may read.
    private const string Script = """
        set -e
        umask 077
        mkdir data/made
        cat data/in/* | tee data/made/real | md5sum > data/a
        ln -s "$DATA_OUTPUT_PATH/made/real" data/made/link
        chmod 500 data/made
        """;

    [Fact]
    public async Task Processes_and_containers_give_the_same_bytes()
    {
        await using var containers = await TestService.StartAsync(TestContainers.Settings(host));
        await using var processes = await TestService.StartAsync();
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", Job), ("src/job/s.sh", Script), ("data/in/x", "1\n"), ("data/in/y", "2\n"));

        var run = await containers.RunAsync(repository);
        await processes.RunAsync(repository);

        Assert.Equal(await OutputsAsync(processes, run.Commit), await OutputsAsync(containers, run.Commit));
        Assert.Contains("\nmade/link ", await OutputsAsync(containers, run.Commit), StringComparison.Ordinal);
        var where = Directory.EnumerateFiles(Path.Combine(containers.State, "store"), "where", SearchOption.AllDirectories).First();
        Assert.Equal("/sluice/work /sluice/home /sluice/work/data 3\n", await File.ReadAllTextAsync(where));
    }

    [Fact]
    public async Task A_container_that_a_killed_service_has_left_is_gone_when_it_is_back_and_its_task_runs_again()
    {
        await using var service = await TestService.StartAsync(TestContainers.Settings(host));
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", "t: {inputs: [x], outputs: [o], script: s, image: 'localhost/sluice-test:1', track_image: false, command: 'echo begun; sleep 3; cp data/x data/o'}"),
            ("src/job/s", ""), ("data/x", "1"));
        using var response = await service.PostAsync(new { job_name = "job", job_url = repository.Path, adopt = false }, prefer: "respond-async");
        var id = response.Headers.Location!.ToString().Split('/')[^1];
        await Eventually.TrueAsync(() => Directory.EnumerateFiles(service.State, "*.log", SearchOption.AllDirectories).Any());

        await service.KillAsync();
        await service.RestartAsync();
        await service.Api.EventsAsync(id).LastAsync();

        Assert.Equal("succeeded", (await service.Api.GetRunAsync(id)).Status);
        Assert.Contains("which a crash has left", service.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_whose_image_is_not_there_fails_with_its_name_and_the_others_run()
    {
        await using var service = await TestService.StartAsync(TestContainers.Settings(host));
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", """
                $job: {defaults: {track_image: false}}
                bad: {inputs: [x], outputs: [o], script: s, image: 'localhost/no-such:1', command: 'cp data/x data/o'}
                good: {inputs: [x], outputs: [p], script: s, image: 'localhost/sluice-test:1', command: 'cp data/x data/p'}
                """),
            ("src/job/s", ""), ("data/x", "1"));

        using var response = await service.PostAsync(new { job_name = "job", job_url = repository.Path, adopt = false });
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("localhost/no-such:1\\u0027 is not on this machine", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_has_the_network_where_it_asks_and_the_service_allows_it()
    {
        await using var open = await TestService.StartAsync([.. TestContainers.Settings(host), ("SLUICE_CONTAINER__NETWORK", "host")]);
        await using var closed = await TestService.StartAsync(TestContainers.Settings(host));
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", $$"""
                $job: {defaults: {image: 'localhost/sluice-test:1', track_image: false} }
                asks: {outputs: [o], network: true, command: 'wget -q -O data/o {{open.Address}}/healthz'}
                does-not: {outputs: [p], command: 'wget -q -O data/p {{open.Address}}/healthz || echo no > data/p'}
                """),
            ("src/job/asks", ""), ("src/job/does-not", ""));

        var run = await open.RunAsync(repository);
        using var refused = await closed.PostAsync(new { job_name = "job", job_url = repository.Path, adopt = false });

        Assert.Equal("no\n", await open.Http.GetStringAsync($"/api/v1/jobs/job/commits/{run.Commit}/data/p"));
        Assert.NotEmpty(await open.Http.GetStringAsync($"/api/v1/jobs/job/commits/{run.Commit}/data/o"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("asks for the network, and this engine gives tasks none", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_says_what_an_image_leaves_open_of_a_reused_result()
    {
        await using var service = await TestService.StartAsync(TestContainers.Settings(host));
        using var repository = await TestRepository.CreateAsync(("dependencies.yaml", Job), ("src/job/s.sh", Script), ("data/in/x", "1\n"));
        await service.RunAsync(repository);
        await repository.CommitAsync(("dependencies.yaml", Job.Replace("N: 3", "N: 4", StringComparison.Ordinal)));

        var run = await service.RunAsync(repository);

        Assert.StartsWith("what an image holds", (await service.Api.WhyAsync(run.Id, "first")).Tasks.Single().NotCovered[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_credential_looks_an_image_up_and_pulls_it()
    {
        await using var registry = await TestRegistry.StartWithPasswordAsync();
        using var folder = new TempFolder();
        var secret = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{TestRegistry.User}:{TestRegistry.Password}"));
        await File.WriteAllTextAsync(folder["config.json"], $$"""{"auths": {"{{registry.Host}}": {"auth": "{{secret}}"} } }""");
        await using var service = await TestService.StartAsync(
            [.. TestContainers.Settings(host), ("SLUICE_CONTAINER__PULL", "missing"), ("SLUICE_IMAGES__CONFIG", folder["config.json"]),
                ("SLUICE_IMAGES__INSECURE", "127.0.0.1"), ("SLUICE_IMAGES__PRIVATEHOSTS", "127.0.0.1")]);
        await registry.PushBusyboxAsync("tool:1");
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", $"t: {{inputs: [x], outputs: [o], script: s, image: '{registry.Host}/tool:1', command: [/busybox, cp, data/x, data/o]}}"),
            ("src/job/s", ""), ("data/x", "1"));

        var run = await service.RunAsync(repository);

        Assert.Equal("succeeded", run.Status);
        Assert.DoesNotContain(TestRegistry.Password, service.Errors, StringComparison.Ordinal);
    }

    private static async Task<string> OutputsAsync(TestService service, string commit) => string.Join(
        '\n', (await service.Api.GetCommitAsync("job", commit)).Files.Select(file => $"{file.Path} {file.Digest}"));
}
