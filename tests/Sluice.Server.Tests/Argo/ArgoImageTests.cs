using System.Net;
using CliWrap;
using Sluice.Testing;
using Sluice.Testing.StandIn;

namespace Sluice.Server.Tests.Argo;

/// <summary>The executor runs in the user's image, whatever is in that, and the engine refuses what it could not tell apart.</summary>
public sealed class ArgoImageTests
{
    private const string Program = """
        #include <stdio.h>
        #include <stdlib.h>
        #include <unistd.h>
        int main(int count, char **words) {
            char path[4096];
            snprintf(path, sizeof path, "%s/o", getenv("DATA_OUTPUT_PATH"));
            FILE *output = fopen(path, "w");
            fprintf(output, "%s by %d, root %s\n", words[1], (int)getuid(), fopen("/here", "w") ? "open" : "read-only");
            return fclose(output);
        }
        """;

    [Fact]
    public async Task An_image_from_scratch_runs_a_static_program_on_a_root_that_cannot_be_written_to()
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root, to give a container a root of its own");
        StandInArgo.Require();
        using var image = new TempFolder();
        await File.WriteAllTextAsync(image["tool.c"], Program);
        await Cli.Wrap("clang").WithArguments(["-static", "-o", image["tool"], image["tool.c"]]).ExecuteAsync();
        File.Delete(image["tool.c"]);
        foreach (var folder in new[] { "proc", "dev", "sluice", "tmp", "etc" })
        {
            Directory.CreateDirectory(image[folder]);
        }

        // Of an image with another C library's idea of who knows host names.
        await File.WriteAllTextAsync(image["etc/nsswitch.conf"], "passwd: files systemd\nhosts: mymachines mdns4_minimal [NOTFOUND=return] resolve\n");
        await using var cluster = await ArgoCluster.StartAsync();
        cluster.Argo.Images["registry.example.org/scratch@sha256:1"] = image.Path;
        using var repository = await ArgoCluster.RepositoryAsync(
            "t: {code: [src/x], image: 'registry.example.org/scratch@sha256:1', outputs: [o], command: [/tool, made]}\n");

        var run = await cluster.Service.RunAsync(repository);

        Assert.Equal("made by 8737, root read-only\n", await cluster.Service.Http.GetStringAsync($"/api/v1/jobs/job/commits/{run.Commit}/data/o"));
    }

    [Fact]
    public async Task Every_task_whose_image_cannot_be_told_is_named_at_once()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await TestRepository.CreateAsync(("dependencies.yaml", """
            none: {outputs: [a], code: [dependencies.yaml], command: echo > data/a}
            digest: {outputs: [c], code: [dependencies.yaml], image: 'x@sha256:1', command: echo > data/c}
            also_none: {outputs: [d], code: [dependencies.yaml], command: echo > data/d}
            """));

        using var response = await cluster.Service.PostAsync(new { job_name = "job", job_url = repository.Path });

        var problem = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("\"line\":1", problem, StringComparison.Ordinal);
        Assert.Contains("\"line\":3", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("\"line\":2", problem, StringComparison.Ordinal);
        Assert.Empty(cluster.Argo.Kubernetes.ListWorkflows());
    }

    [Fact]
    public async Task Another_image_runs_its_tasks_again_and_why_says_so()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        const string Tasks = "t: {code: [src/x], image: 'registry.example.org/job@sha256:1', outputs: [o], command: echo > data/o}\nu: {code: [src/x], outputs: [p], command: echo > data/p}\n";
        using var repository = await ArgoCluster.RepositoryAsync(Tasks);
        await cluster.Service.RunAsync(repository);
        await repository.CommitAsync(("dependencies.yaml", "$job: {code_dir: src, defaults: {image: registry.example.org/job}}\n" + Tasks.Replace("sha256:1", "sha256:2", StringComparison.Ordinal)));

        var run = await cluster.Service.RunAsync(repository);

        Assert.Equal(["t executed", "u unchanged"], run.Tasks!.Select(task => $"{task.Name} {task.State}"));
        Assert.Equal(["image_changed"], run.Tasks![0].Reasons.Select(reason => reason.Code));
    }
}
