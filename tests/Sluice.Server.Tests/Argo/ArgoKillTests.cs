using System.Net;
using Sluice.Testing;

namespace Sluice.Server.Tests.Argo;

/// <summary>The service is killed while its workflow goes on: the run ends, and no task is run a second time.</summary>
public sealed class ArgoKillTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Pods_go_on_without_the_service_and_none_runs_twice(int seed)
    {
        using var counters = new TempFolder();
        File.SetUnixFileMode(counters.Path, (UnixFileMode)0x1ff);
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync(string.Concat(Enumerable.Range(0, 6).Select(number => $"""
            t{number}:
              code: [src/x]
              inputs: [{(number == 0 ? "" : $"o{number - 1}")}]
              outputs: [o{number}]
              command: echo x >> {counters.Path}/t{number}; sleep 0.1; cat data/* /dev/null | wc -c > data/o{number}

            """)));
        var id = await cluster.BeginAsync(repository);
        var random = new Random(seed);
        for (var kill = 0; kill < 3; kill++)
        {
            await cluster.Service.Api.EventsAsync(id).Take(random.Next(1, 12) + (kill * 3)).LastAsync();
            await cluster.Service.KillAsync();
            await cluster.Service.RestartAsync();
        }

        var run = await cluster.EndAsync(id);
        await cluster.Service.RunAsync(repository, HttpStatusCode.OK);

        Assert.Equal("succeeded", run.Status);
        Assert.All(run.Tasks!, task => Assert.Equal("executed", task.State));
        Assert.All(Enumerable.Range(0, 6), number => Assert.Single(File.ReadAllLines(counters[$"t{number}"])));
        Assert.Single(cluster.Argo.Kubernetes.ListWorkflows());
        Assert.Empty(await cluster.KeysAsync(".sluice/work"));
    }
}
