using System.Net;
using Sluice.Client;
using Sluice.Testing;

namespace Sluice.Server.Tests.Argo;

/// <summary>Runs of the real service whose tasks are pods of the stand-in, with the real executor on the real S3 server.</summary>
public sealed class ArgoRunTests
{
    private const string Two = """
        a: {script: a.sh, inputs: [x], outputs: [a], command: sh src/a.sh}
        b: {script: a.sh, inputs: [a], outputs: [b], command: cat data/a data/a > data/b}
        """;

    private static readonly (string, string)[] TwoFiles = [("src/a.sh", "tr a-z A-Z < data/x > data/a; echo said\n"), ("data/x", "hello\n")];

    [Fact]
    public async Task A_job_runs_as_one_workflow_and_the_second_time_not_at_all()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync(Two, TwoFiles);

        var run = await cluster.Service.RunAsync(repository);
        await cluster.Service.RunAsync(repository, HttpStatusCode.OK);

        Assert.Equal(["executed", "executed"], run.Tasks!.Select(task => task.State));
        Assert.Equal("argo", run.Engine);
        Assert.All(run.Tasks!, task => Assert.True(task is { ExitCode: 0, Attempts: [{ Error: null }] } && task.StartedAt <= task.FinishedAt));
        Assert.Equal("HELLO\nHELLO\n", await cluster.Service.Http.GetStringAsync($"/api/v1/jobs/job/commits/{run.Commit}/data/b"));
        Assert.Equal("said\n", await cluster.Service.Http.GetStringAsync($"/api/v1/runs/{run.Id}/log?task=a"));
        Assert.Single(cluster.Argo.Kubernetes.ListWorkflows());
        Assert.Empty(cluster.Argo.Problems);
        Assert.Empty(await cluster.KeysAsync(".sluice/work"));
    }

    [Fact]
    public async Task What_gives_the_same_bytes_again_stops_what_follows_in_its_pod()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync(Two.Replace("script: a.sh, inputs: [a]", "code: [src/x], inputs: [a]", StringComparison.Ordinal), TwoFiles);
        await cluster.Service.RunAsync(repository);
        await repository.CommitAsync(("src/a.sh", "tr a-z A-Z < data/x > data/a # another way to say it\n"));

        var cut = await cluster.Service.RunAsync(repository);

        Assert.Equal(["a executed", "b cut_off"], cut.Tasks!.Select(task => $"{task.Name} {task.State}"));
        Assert.StartsWith("unchecked_closure: ", Assert.Single(cut.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_fails_is_told_with_its_log_and_a_hint_and_others_go_on()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync(
            """
            bad: {code: [src/x], outputs: [bad], command: 'echo trying; cat data/secret.csv; exit 3'}
            after: {code: [src/x], inputs: [bad], outputs: [after], command: cp data/bad data/after}
            side: {code: [src/x], outputs: [side], command: echo > data/side}
            silent: {code: [src/x], outputs: [missing], command: 'true'}
            """,
            ("data/secret.csv", "1"));

        using var response = await cluster.Service.PostAsync(new { job_name = "job", job_url = repository.Path, adopt = false });

        var problem = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("exit status 3; it most likely wanted 'data/secret.csv'", System.Text.RegularExpressions.Regex.Unescape(problem), StringComparison.Ordinal);
        var run = (await cluster.Service.Api.ListRunsAsync("job")).Items[0];
        var tasks = (await cluster.Service.Api.GetRunAsync(run.Id)).Tasks!.ToDictionary(task => task.Name);
        Assert.Equal(("failed", 3), (tasks["bad"].State, tasks["bad"].ExitCode));
        Assert.Equal(("skipped", "executed", "failed"), (tasks["after"].State, tasks["side"].State, tasks["silent"].State));
        Assert.Contains("did not write its declared output 'missing'", tasks["silent"].Error, StringComparison.Ordinal);
        Assert.StartsWith("trying\n", await cluster.Service.Http.GetStringAsync($"/api/v1/runs/{run.Id}/log?task=bad"), StringComparison.Ordinal);
        Assert.Empty(await cluster.KeysAsync(run.Commit));
    }

    [Fact]
    public async Task A_task_is_tried_again_as_often_as_it_may_be()
    {
        using var folder = new TempFolder();
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0x1ff);
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync($$"""
            t: {code: [src/x], outputs: [o], retries: 1, command: '[ -e {{folder["tried"]}} ] || { touch {{folder["tried"]}}; exit 4; }; echo > data/o'}
            """);

        var run = await cluster.Service.RunAsync(repository);

        Assert.Equal([4, 0], run.Tasks![0].Attempts.Select(attempt => attempt.ExitCode));
        Assert.Equal("executed", run.Tasks[0].State);
    }

    [Fact]
    public async Task A_task_that_takes_too_long_is_ended()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync("t: {code: [src/x], outputs: [o], timeout: 1s, command: 'echo begun; sleep 600'}\n");

        var id = await cluster.BeginAsync(repository);

        var run = await cluster.EndAsync(id);
        Assert.Contains("ran longer than its timeout of 1 s", run.Tasks![0].Error, StringComparison.Ordinal);
        Assert.Equal("begun\n", await cluster.Service.Http.GetStringAsync($"/api/v1/runs/{id}/log?task=t"));
    }

    [Fact]
    public async Task A_log_is_followed_while_the_pod_runs_and_cancelling_stops_it()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync("t: {code: [src/x], outputs: [o], command: 'echo first; echo second >&2; exec sleep 600'}\n");
        var id = await cluster.BeginAsync(repository);
        await cluster.Service.Api.EventsAsync(id).FirstAsync(happened => happened.Task?.State == "running");

        await using var log = await cluster.Service.Http.GetStreamAsync($"/api/v1/runs/{id}/log?task=t&follow=true");
        using var reader = new StreamReader(log);
        var lines = (await reader.ReadLineAsync(), await reader.ReadLineAsync());
        await cluster.Service.Api.CancelAsync(id);
        var run = await cluster.EndAsync(id);

        Assert.Equal(("first", "second"), lines);
        Assert.Equal(("cancelled", "cancelled"), (run.Status, run.Tasks![0].State));
        var workflow = Assert.Single(cluster.Argo.Kubernetes.ListWorkflows());
        Assert.Equal("Terminate", workflow["spec"]!["shutdown"]!.ToString());
        await Eventually.TrueAsync(() => cluster.Argo.Kubernetes.ListWorkflows()[0]["status"]!["phase"]!.ToString() == "Failed");
    }

    [Fact]
    public async Task A_graph_that_does_not_fit_is_cut_and_nobody_notices()
    {
        await using var cluster = await ArgoCluster.StartAsync(("SLUICE_ARGO__MAX_TASKS", "2"));
        using var repository = await ArgoCluster.RepositoryAsync(string.Concat(Enumerable.Range(0, 5).Select(number =>
            $"t{number}: {{code: [src/x], inputs: [{(number == 0 ? "" : $"o{number - 1}")}], outputs: [o{number}], command: 'cat data/* /dev/null | wc -c > data/o{number}'}}\n")));

        var run = await cluster.Service.RunAsync(repository);

        Assert.All(run.Tasks!, task => Assert.Equal("executed", task.State));
        Assert.Equal(["", "-2", "-3"], cluster.Argo.Kubernetes.ListWorkflows().Select(it => it["metadata"]!["name"]!.ToString()).Order().Select(name => name[$"sluice-job-{run.Commit[..7]}-{run.Id[^8..]}".Length..]));
        var manifest = await cluster.Service.Api.ManifestAsync(run.Id);
        Assert.Equal(3, manifest.Split("kind: Workflow").Length - 1);
        Assert.Empty(cluster.Argo.Problems);
    }

    [Fact]
    public async Task What_runs_once_in_every_run_and_what_was_asked_for_runs()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync("""
            once: {code: [src/x], outputs: [o], cache: false, command: 'echo $SLUICE_TASK $SLUICE_RUN > data/o'}
            effect: {code: [src/x], inputs: [o], command: cat data/o}
            plain: {code: [src/x], outputs: [p], command: 'echo $SLUICE_TASK. > data/p'}
            """);
        var first = await cluster.Service.RunAsync(repository);
        using var response = await cluster.Service.PostAsync(new { job_name = "job", job_url = repository.Path, adopt = false, force = new[] { "plain" } });

        var second = (await cluster.Service.Api.ListRunsAsync("job")).Items[0];

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"once {first.Id}\n", await cluster.Service.Http.GetStringAsync($"/api/v1/jobs/job/commits/{first.Commit}/data/o?run={first.Id}"));
        Assert.Equal($"once {second.Id}\n", await cluster.Service.Http.GetStringAsync($"/api/v1/jobs/job/commits/{first.Commit}/data/o?run={second.Id}"));
        Assert.Equal(".\n", await cluster.Service.Http.GetStringAsync($"/api/v1/jobs/job/commits/{first.Commit}/data/p"));
        Assert.All((await cluster.Service.Api.GetRunAsync(second.Id)).Tasks!, task => Assert.Equal("executed", task.State));
    }

    [Fact]
    public async Task The_same_job_gives_the_same_data_as_processes_on_files_and_as_pods_on_S3()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        await using var local = await TestService.StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync(
            """
            rows: {code: [src/x], inputs: [raw/], outputs: [rows.csv], command: cat data/raw/* > data/rows.csv}
            parts: {code: [src/x], inputs: [rows.csv], outputs: [parts/], command: mkdir data/parts; cp data/rows.csv 'data/parts/a b'; printf '#!/bin/sh' > data/parts/tool; chmod +x data/parts/tool}
            count: {code: [src/x], inputs: [parts/], outputs: [count], command: 'cat data/parts/* | wc -c > data/count; test -x data/parts/tool'}
            """,
            [.. Enumerable.Range(0, 40).Select(number => ($"data/raw/{number:00}", $"{number}\n"))]);

        var run = await cluster.Service.RunAsync(repository);
        await local.RunAsync(repository);

        Assert.Equal(await DataAsync(local, run.Commit), await DataAsync(cluster.Service, run.Commit));
    }

    [Fact]
    public async Task A_job_of_five_thousand_tasks_is_one_workflow_of_less_than_a_megabyte()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        cluster.Argo.Kubernetes.OnCreated = _ => { };
        using var repository = await ArgoCluster.RepositoryAsync(string.Concat(Enumerable.Range(0, 5000).Select(number =>
            $"task_{number:0000}.py: {{code: [src/x], inputs: [{(number < 100 ? "" : $"part_{number - 100}")}], outputs: [part_{number}], command: touch data/part_{number}}}\n")));

        var id = await cluster.BeginAsync(repository);
        await Eventually.TrueAsync(() => cluster.Argo.Kubernetes.ListWorkflows().Count == 1);
        cluster.Argo.Kubernetes.OnPatched = _ => { };
        await cluster.Service.Api.CancelAsync(id);

        var submitted = Assert.Single(cluster.Argo.Kubernetes.Requests, request => request.Method == "POST");
        Assert.InRange(submitted.Body.Length, 100_000, 1_000_000);
        Assert.Equal("cancelled", (await cluster.EndAsync(id)).Status);
    }

    private static async Task<string> DataAsync(TestService service, string commit) =>
        string.Join('\n', (await service.Api.GetCommitAsync("job", commit)).Files.Select(file => $"{file.Path} {file.Digest} {file.Size}"));
}
