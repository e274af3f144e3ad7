using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Adapters.Argo;
using Sluice.Core;
using Sluice.Core.Clusters;
using Sluice.Testing;
using Sluice.Testing.Kubernetes;

namespace Sluice.Adapters.Tests.Argo;

public sealed class FollowTests : IAsyncLifetime
{
    private readonly WorkflowOrder _order = TestOrders.Of(3, 0, 1, 2);
    private TestKubernetes _kubernetes = null!;

    public async ValueTask InitializeAsync() => _kubernetes = await TestKubernetes.StartAsync();

    public ValueTask DisposeAsync() => _kubernetes.DisposeAsync();

    [Fact]
    public async Task A_task_waits_between_two_tries_and_each_try_is_told()
    {
        using var engine = Engines.Create(_kubernetes);
        await using var followed = Follow(engine);
        _kubernetes.SetWorkflow(Workflows.Running(_order, Workflows.Retry(_order, 0, "Running"), Workflows.Node(_order, 0, "Failed", "main: Error (exit code 75)", "75")));

        var between = Assert.Single((await followed.NextAsync()).Tasks);
        _kubernetes.SetWorkflow(Workflows.Ended(
            _order,
            Workflows.Retry(_order, 0, "Succeeded"),
            Workflows.Node(_order, 0, "Failed", "main: Error (exit code 75)", "75"),
            Workflows.Node(_order, 0, "Succeeded", null, "0", attempt: 1)));
        var last = await followed.LastAsync();

        Assert.Equal(PodState.Waiting, between.State);
        Assert.True(Assert.Single(between.Attempts).IsOutside);
        Assert.Equal([PodState.Succeeded, PodState.Skipped, PodState.Skipped], last.Tasks.Select(task => task.State));
        Assert.Equal(["1000", "1001"], last.Tasks[0].Attempts.Select(attempt => attempt.Pod));
        Assert.Equal([75, 0], last.Tasks[0].Attempts.Select(attempt => attempt.ExitCode));
    }

    [Fact]
    public async Task A_watch_that_breaks_is_taken_up_and_one_that_is_too_old_is_begun_anew()
    {
        using var engine = Engines.Create(_kubernetes);
        _kubernetes.SetWorkflow(Workflows.Running(_order));
        await using var followed = Follow(engine);
        await followed.NextAsync();

        await BreakAsync();
        _kubernetes.SetWorkflow(Workflows.Running(_order, Workflows.Node(_order, 0, "Running")));
        Assert.Equal(PodState.Running, (await followed.NextAsync()).Tasks[0].State);
        _kubernetes.ExpireVersions();
        await BreakAsync();
        _kubernetes.SetWorkflow(Workflows.Ended(_order, Workflows.Node(_order, 0, "Succeeded")));

        Assert.Equal(PodState.Succeeded, (await followed.LastAsync()).Tasks[0].State);
        Assert.Equal(2, _kubernetes.Requests.Count(request => request.IsForWorkflows && !request.IsWatch));
    }

    [Fact]
    public async Task A_watch_that_ends_without_a_word_is_begun_anew_and_nothing_is_told_twice()
    {
        using var engine = Engines.Create(_kubernetes, pace: Engines.Fast with { Patience = TimeSpan.Zero });
        for (var times = 0; times < 3; times++)
        {
            _kubernetes.Answer(request => request.IsWatch, KubernetesAnswer.Text(200, "", "application/json"), once: true);
        }

        _kubernetes.SetWorkflow(Workflows.Running(_order));
        await using var followed = Follow(engine);
        await followed.NextAsync();
        var last = followed.LastAsync();
        await Eventually.TrueAsync(() => _kubernetes.Requests.Count(request => request.IsWatch) == 4);
        _kubernetes.SetWorkflow(Workflows.Ended(_order));
        await last;

        Assert.Equal(2, followed.Count);
    }

    [Fact]
    public async Task A_server_that_is_away_is_waited_for()
    {
        using var engine = Engines.Create(_kubernetes);
        _kubernetes.SetWorkflow(Workflows.Running(_order));
        await using var followed = Follow(engine);
        await followed.NextAsync();
        _kubernetes.IsDown = true;
        _kubernetes.BreakWatches();
        var asked = _kubernetes.Requests.Count;

        await Eventually.TrueAsync(() => _kubernetes.Requests.Count > asked + 3);
        _kubernetes.SetWorkflow(Workflows.Ended(_order));
        _kubernetes.IsDown = false;

        Assert.True((await followed.LastAsync()).IsEnded);
    }

    [Fact]
    public async Task A_server_that_stays_away_is_told()
    {
        using var engine = Engines.Create(_kubernetes, pace: Engines.Fast with { Patience = TimeSpan.FromMilliseconds(100) });
        _kubernetes.IsDown = true;

        var exception = await Assert.ThrowsAsync<SluiceException>(() => Follow(engine).LastAsync());

        Assert.Equal((FaultKind.Unavailable, "cluster-unavailable"), (exception.Kind, exception.Code));
    }

    [Fact]
    public async Task A_workflow_that_somebody_deletes_is_gone()
    {
        using var engine = Engines.Create(_kubernetes);
        _kubernetes.SetWorkflow(Workflows.Running(_order, Workflows.Node(_order, 0, "Running")));
        await using var followed = Follow(engine);
        await followed.NextAsync();

        _kubernetes.Delete(_order.Name);
        var last = await followed.LastAsync();

        Assert.True(last.IsGone);
        Assert.Equal(PodState.Running, last.Tasks[0].State);
    }

    [Fact]
    public async Task What_comes_at_once_is_told_at_once()
    {
        using var engine = Engines.Create(_kubernetes, pace: Engines.Fast with { Statuses = TimeSpan.FromMilliseconds(200) });
        _kubernetes.SetWorkflow(Workflows.Running(_order));
        await using var followed = Follow(engine);
        await followed.NextAsync();

        for (var number = 0; number < 300; number++)
        {
            _kubernetes.SetWorkflow(Workflows.Running(_order, Workflows.Node(_order, number % 3, "Running")));
        }

        _kubernetes.SetWorkflow(Workflows.Ended(_order));
        await followed.LastAsync();

        Assert.InRange(followed.Count, 2, 100);
    }

    [Fact]
    public async Task Compressed_nodes_are_read_and_offloaded_ones_are_told()
    {
        using var engine = Engines.Create(_kubernetes);
        var compressed = Workflows.Of(_order, "Running", null);
        compressed["status"]!["compressedNodes"] = Compress(new JsonObject { ["a"] = Workflows.Node(_order, 1, "Running") }.ToJsonString());
        _kubernetes.SetWorkflow(compressed);
        await using var followed = Follow(engine);

        var first = await followed.NextAsync();
        compressed["status"]!["compressedNodes"] = "no";
        _kubernetes.SetWorkflow(compressed);
        var broken = await followed.NextAsync();
        var offloaded = Workflows.Ended(_order);
        offloaded["status"]!["offloadNodeStatusVersion"] = "fnv:1";
        _kubernetes.SetWorkflow(offloaded);
        var last = await followed.LastAsync();

        Assert.Equal((1, PodState.Running), (first.Tasks[0].Task, first.Tasks[0].State));
        Assert.StartsWith("the state of the Workflow, which Argo has compressed, cannot be read", broken.Error, StringComparison.Ordinal);
        Assert.Contains("nodeStatusOffLoad", last.Error, StringComparison.Ordinal);
        Assert.True(last.IsEnded);
    }

    [Fact]
    public async Task Every_task_of_a_workflow_that_was_stopped_is_told()
    {
        using var engine = Engines.Create(_kubernetes);
        var ran = Workflows.Node(_order, 0, "Failed", "main: Error (exit code 143)", "143");
        ran["hostNodeName"] = "node-1";
        _kubernetes.SetWorkflow(Workflows.Of(
            _order, "Failed", "Stopped with strategy 'Terminate'", ran, Workflows.Node(_order, 1, "Failed", "workflow shutdown with strategy:  Terminate")));

        var last = await Follow(engine).LastAsync();

        Assert.Equal([PodState.Failed, PodState.Skipped, PodState.Skipped], last.Tasks.Select(task => task.State));
        Assert.Equal("stopped with its workflow", last.Tasks[0].Attempts[0].Error);
        Assert.True(last.Tasks[0].Attempts[0].IsOutside);
        Assert.Null(last.Error);
    }

    [Fact]
    public async Task A_workflow_that_was_stopped_before_it_began_has_no_fault_of_its_own()
    {
        using var engine = Engines.Create(_kubernetes);
        _kubernetes.SetWorkflow(Workflows.Of(_order, "Failed", "Stopped with strategy 'Terminate'"));

        var last = await Follow(engine).LastAsync();

        Assert.Null(last.Error);
        Assert.All(last.Tasks, task => Assert.Equal(PodState.Skipped, task.State));
        Assert.Equal(3, last.Tasks.Length);
    }

    private Followed Follow(ArgoEngine engine) => new(engine.FollowAsync(_order, TestContext.Current.CancellationToken));

    // Away with the watch that is open, once it is.
    private async Task BreakAsync()
    {
        var watches = _kubernetes.Requests.Count(request => request.IsWatch);
        await Eventually.TrueAsync(() => _kubernetes.Requests.Any(request => request.IsWatch));
        _kubernetes.BreakWatches();
        await Eventually.TrueAsync(() => _kubernetes.Requests.Count(request => request.IsWatch) > watches);
    }

    private static string Compress(string text)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            zip.Write(Encoding.UTF8.GetBytes(text));
        }

        return Convert.ToBase64String(bytes.ToArray());
    }
}
