using System.Net;
using Sluice.Testing;
using Sluice.Testing.StandIn;

namespace Sluice.Server.Tests.Argo;

/// <summary>Runs of the real service whose tasks are pods of the stand-in, with the real executor on the real S3 server.</summary>
public sealed class ArgoRunTests
{
    [Fact]
    public async Task A_job_runs_as_one_workflow_and_the_second_time_not_at_all()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await TestRepository.CreateAsync();
        repository.Write("dependencies.yaml", """
            $job: {code_dir: src, defaults: {image: registry.example.org/job}}
            a: {script: a.sh, inputs: [x], outputs: [a], command: sh src/a.sh}
            b: {script: a.sh, inputs: [a], outputs: [b], command: cat data/a data/a > data/b}
            """);
        repository.Write("src/a.sh", "tr a-z A-Z < data/x > data/a\n");
        repository.Write("data/x", "hello\n");
        await repository.CommitAsync();

        var run = await cluster.Service.RunAsync(repository);

        Assert.Equal(["executed", "executed"], run.Tasks!.Select(task => task.State));
        Assert.Equal("HELLO\nHELLO\n", await cluster.Service.Http.GetStringAsync($"/api/v1/jobs/job/commits/{run.Commit}/data/b"));
        await cluster.Service.RunAsync(repository, HttpStatusCode.OK);
        Assert.Empty(cluster.Argo.Problems);
        Assert.Single(cluster.Argo.Kubernetes.ListWorkflows());
    }
}
