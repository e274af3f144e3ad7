using Sluice.Testing;

namespace Sluice.Server.Tests.Argo;

/// <summary>The first failure stops everything, where that was asked for.</summary>
public sealed class ArgoFailFastTests
{
    [Fact]
    public async Task What_runs_is_stopped_and_what_waits_is_skipped()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await ArgoCluster.RepositoryAsync("""
            long: {code: [src/x], outputs: [long], command: 'exec sleep 600'}
            after: {code: [src/x], inputs: [long], outputs: [after], command: cp data/long data/after}
            bad: {code: [src/x], outputs: [bad], command: 'sleep 1; exit 3'}
            """);

        using var response = await cluster.Service.PostAsync(new { job_name = "job", job_url = repository.Path, adopt = false, fail_fast = true });

        var run = (await cluster.Service.Api.ListRunsAsync("job")).Items[0];
        var tasks = (await cluster.Service.Api.GetRunAsync(run.Id)).Tasks!;
        Assert.Equal(["long cancelled", "after skipped", "bad failed"], tasks.Select(task => $"{task.Name} {task.State}"));
        Assert.Equal(422, (int)response.StatusCode);
    }
}
