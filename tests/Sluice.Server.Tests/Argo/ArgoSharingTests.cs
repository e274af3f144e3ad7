using Sluice.Client;
using Sluice.Testing;

namespace Sluice.Server.Tests.Argo;

/// <summary>Two runs at the same time that need the same: it is computed once, and neither harms the other.</summary>
public sealed class ArgoSharingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    // The pods' user may write there.
    public ArgoSharingTests() => File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_111_111);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_another_run_computes_is_waited_for_and_all_else_goes_on_meanwhile()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await RepositoryAsync();
        var (first, second) = await BeginBothAsync(cluster, repository);
        await Eventually.TrueAsync(async () => (await TasksAsync(cluster, second)) is "shared pending, next pending, last pending, own executed");

        Let("go");
        var runs = (await cluster.EndAsync(first), await cluster.EndAsync(second));

        Assert.Equal(("succeeded", "succeeded"), (runs.Item1.Status, runs.Item2.Status));
        Assert.Equal("shared executed, next executed, last executed, own executed", await TasksAsync(cluster, first));
        Assert.Equal("shared cached, next cut_off, last executed, own executed", await TasksAsync(cluster, second));
        Assert.Equal(["next", "shared"], await CountedAsync());
        Assert.Equal(3, cluster.Argo.Kubernetes.ListWorkflows().Count);
    }

    [Fact]
    public async Task A_failure_is_not_shared()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await RepositoryAsync();
        var (first, second) = await BeginBothAsync(cluster, repository);

        Let("fail");
        var failed = await cluster.EndAsync(first);
        await Eventually.TrueAsync(() => cluster.Argo.Begun == 4);
        File.Delete(_folder["fail"]);
        Let("go");
        var run = await cluster.EndAsync(second);

        Assert.Equal(("failed", "succeeded"), (failed.Status, run.Status));
        Assert.Equal("shared executed, next executed, last executed, own executed", await TasksAsync(cluster, second));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_is_cancelled_does_not_hang_the_other(bool cancelsFirst)
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await RepositoryAsync();
        var (first, second) = await BeginBothAsync(cluster, repository);
        await Eventually.TrueAsync(async () => (await TasksAsync(cluster, second)).EndsWith("own executed", StringComparison.Ordinal));
        var (goes, other) = cancelsFirst ? (first, second) : (second, first);

        await cluster.Service.Api.CancelAsync(goes);
        var cancelled = await cluster.EndAsync(goes);
        Let("go");
        var run = await cluster.EndAsync(other);

        Assert.Equal(("cancelled", "succeeded"), (cancelled.Status, run.Status));
        Assert.Equal("shared executed, next executed, last executed, own executed", await TasksAsync(cluster, other));
    }

    [Fact]
    public async Task Nothing_is_lost_when_the_service_is_killed_while_one_waits_for_the_other()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await RepositoryAsync();
        var (first, second) = await BeginBothAsync(cluster, repository);
        await Eventually.TrueAsync(async () => (await TasksAsync(cluster, second)).EndsWith("own executed", StringComparison.Ordinal));

        await cluster.Service.KillAsync();
        await cluster.Service.RestartAsync();
        Let("go");
        var runs = (await cluster.EndAsync(first), await cluster.EndAsync(second));

        Assert.Equal(("succeeded", "succeeded"), (runs.Item1.Status, runs.Item2.Status));
    }

    [Fact]
    public async Task What_is_forced_or_not_to_be_kept_waits_for_nobody()
    {
        await using var cluster = await ArgoCluster.StartAsync();
        using var repository = await RepositoryAsync();
        await BeginAsync(cluster, repository, begun: 2);
        await repository.CommitAsync(("src/own", "2"));

        using var accepted = await cluster.Service.PostAsync(
            new { job_name = "job", job_url = repository.Path, adopt = false, force = new[] { "shared" } }, prefer: "respond-async");
        await Eventually.TrueAsync(() => cluster.Argo.Begun == 4);
        Let("go");

        Assert.Equal("succeeded", (await cluster.EndAsync(accepted.Headers.Location!.ToString().Split('/')[^1])).Status);
    }

    [Fact]
    public async Task Two_runs_each_of_which_needs_what_the_other_computes_get_it_from_each_other()
    {
        await using var cluster = await ArgoCluster.StartAsync(("SLUICE_ARGO__MAX_TASKS", "1"));
        var waits = $"while ! [ -e {_folder["go"]} ]; do sleep 0.1; done; echo $(ls src) >> {_folder["count"]}; echo 1";
        using var repository = await ArgoCluster.RepositoryAsync(
            $$"""
            f: {code: [src/f], outputs: [f], command: '{{waits}} > data/f'}
            g: {code: [src/g], outputs: [g], command: '{{waits}} > data/g'}
            own: {code: [src/own], outputs: [own], command: cat src/own > data/own}
            """,
            ("src/f", "1"),
            ("src/g", "1"),
            ("src/own", "1"));
        var first = await BeginAsync(cluster, repository, begun: 1);
        await repository.CommitAsync(("src/own", "2"));
        var second = await BeginAsync(cluster, repository, begun: 2);

        Let("go");
        var runs = (await cluster.EndAsync(first), await cluster.EndAsync(second));

        Assert.Equal(("succeeded", "succeeded"), (runs.Item1.Status, runs.Item2.Status));
        Assert.Equal("f executed, g cached, own executed", await TasksAsync(cluster, first));
        Assert.Equal("f cached, g executed, own executed", await TasksAsync(cluster, second));
        Assert.Equal(["f", "g"], await CountedAsync());
    }

    private Task<TestRepository> RepositoryAsync() => ArgoCluster.RepositoryAsync(
        $$"""
        shared:
          code: [src/x]
          outputs: [shared]
          command: |
            while ! [ -e {{_folder["go"]}} ]; do if [ -e {{_folder["fail"]}} ]; then exit 1; fi; sleep 0.1; done
            echo shared >> {{_folder["count"]}}
            echo 1 > data/shared
        next: {code: [src/x], inputs: [shared], outputs: [next], command: 'sleep 1; echo next >> {{_folder["count"]}}; echo 2 > data/next'}
        last: {code: [src/own], inputs: [next], outputs: [last], command: cat src/own data/next > data/last}
        own: {code: [src/own], outputs: [own], command: cat src/own > data/own}
        """,
        ("src/own", "1"));

    // Of the second only its own task is left to it: the others are the first one's.
    private static async Task<(string First, string Second)> BeginBothAsync(ArgoCluster cluster, TestRepository repository)
    {
        var first = await BeginAsync(cluster, repository, begun: 2);
        await repository.CommitAsync(("src/own", "2"));
        return (first, await BeginAsync(cluster, repository, begun: 3));
    }

    private static async Task<string> BeginAsync(ArgoCluster cluster, TestRepository repository, int begun)
    {
        var id = await cluster.BeginAsync(repository);
        await Eventually.TrueAsync(() => cluster.Argo.Begun == begun);
        return id;
    }

    private static async Task<string> TasksAsync(ArgoCluster cluster, string id) =>
        string.Join(", ", (await cluster.Service.Api.GetRunAsync(id)).Tasks!.Select(task => $"{task.Name} {task.State}"));

    private void Let(string what) => File.WriteAllText(_folder[what], "");

    private async Task<IEnumerable<string>> CountedAsync() => (await File.ReadAllLinesAsync(_folder["count"])).Order();
}
