using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Sluice.Adapters.Argo;
using Sluice.Core.Clusters;
using Sluice.Testing;
using Sluice.Testing.Kubernetes;

namespace Sluice.Adapters.Tests.Argo;

public sealed class StartTests : IAsyncLifetime
{
    private readonly WorkflowOrder _order = TestOrders.Of(2, 0, 1);
    private TestKubernetes _kubernetes = null!;

    public async ValueTask InitializeAsync() => _kubernetes = await TestKubernetes.StartAsync();

    public ValueTask DisposeAsync() => _kubernetes.DisposeAsync();

    [Theory]
    [InlineData("ErrImagePull", "not found", "the image 'registry/x:1' cannot be pulled: not found")]
    [InlineData("ImagePullBackOff", "Back-off", "the image 'registry/x:1' cannot be pulled: Back-off")]
    [InlineData("InvalidImageName", "bad", "the image 'registry/x:1' has no valid name: bad")]
    [InlineData("CreateContainerConfigError", "secret \"a\" not found", "its container cannot be made: secret \"a\" not found")]
    public async Task A_container_that_cannot_be_made_is_told(string reason, string message, string words)
    {
        var pod = Pending();
        pod["status"]!["containerStatuses"] = new JsonArray(new JsonObject
        {
            ["name"] = "main",
            ["image"] = "registry/x:1",
            ["state"] = new JsonObject { ["waiting"] = new JsonObject { ["reason"] = reason, ["message"] = message } },
        });

        Assert.Equal(words, await TroubleAsync(pod));
    }

    [Fact]
    public async Task A_pod_that_no_node_takes_is_told()
    {
        Assert.Equal("no node takes its pod: 0/3 nodes are available", await TroubleAsync(Unschedulable()));
    }

    [Fact]
    public async Task A_volume_that_cannot_be_mounted_is_told_where_events_may_be_seen()
    {
        _kubernetes.SetEvent(Warning("FailedMount", "secret \"a\" not found"));

        Assert.Equal("a volume of its pod cannot be mounted: secret \"a\" not found", await TroubleAsync(Pending()));
    }

    [Theory]
    [InlineData("/events")]
    [InlineData("/pods")]
    public async Task Without_the_right_to_look_there_is_less_to_tell_and_nothing_fails(string part)
    {
        _kubernetes.Answer(request => request.Path.EndsWith(part, StringComparison.Ordinal), KubernetesAnswer.Failure(403, "Forbidden", "no"));
        _kubernetes.SetPod(Pending());
        _kubernetes.SetWorkflow(Workflows.Running(_order, Workflows.Node(_order, 0, "Pending")));
        using var engine = Engines.Create(_kubernetes);
        await using var followed = new Followed(engine.FollowAsync(_order, TestContext.Current.CancellationToken));
        await followed.NextAsync();

        await Eventually.TrueAsync(() => _kubernetes.Requests.Any(request => request.Path.EndsWith(part, StringComparison.Ordinal)));
        _kubernetes.SetWorkflow(Workflows.Ended(_order, Workflows.Node(_order, 0, "Succeeded")));

        Assert.Equal(PodState.Succeeded, (await followed.LastAsync()).Tasks[0].State);
        Assert.Single(_kubernetes.Requests, request => request.Path.EndsWith(part, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pod_that_does_not_start_in_time_is_given_up_and_its_workflow_stopped()
    {
        var time = new FakeTimeProvider();
        using var engine = Engines.Create(_kubernetes, new WorkflowOptions { StartTimeout = TimeSpan.FromMinutes(1) }, time: time);
        _kubernetes.SetPod(Unschedulable());
        _kubernetes.SetWorkflow(Workflows.Running(_order, Workflows.Node(_order, 0, "Pending")));
        _kubernetes.OnPatched = _ => _kubernetes.SetWorkflow(Workflows.Of(
            _order, "Failed", "Stopped with strategy 'Terminate'", Workflows.Node(_order, 0, "Failed", "workflow shutdown with strategy:  Terminate")));
        await using var followed = new Followed(engine.FollowAsync(_order, TestContext.Current.CancellationToken));

        var last = followed.LastAsync();
        await Eventually.TrueAsync(() => Advance(time, last));

        Assert.Equal(PodState.Failed, (await last).Tasks[0].State);
        var attempt = Assert.Single((await last).Tasks[0].Attempts);
        Assert.Equal("it did not start within 1 min: no node takes its pod: 0/3 nodes are available", attempt.Error);
        Assert.True(attempt.IsOutside);
        Assert.Equal(PodState.Skipped, (await last).Tasks[1].State);
        Assert.Contains("\"value\":\"Terminate\"", Assert.Single(_kubernetes.Requests, request => request.Method == "PATCH").Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workflow_that_Argo_does_not_end_when_it_is_stopped_is_not_waited_for()
    {
        var time = new FakeTimeProvider();
        using var engine = Engines.Create(_kubernetes, new WorkflowOptions { StartTimeout = TimeSpan.FromMinutes(1) }, time: time);
        _kubernetes.SetWorkflow(Workflows.Running(_order, Workflows.Node(_order, 0, "Pending", "Unschedulable: no room"), Workflows.Node(_order, 1, "Pending", "pods \"x\" is forbidden: exceeded quota: q")));
        await using var followed = new Followed(engine.FollowAsync(_order, TestContext.Current.CancellationToken));

        var last = followed.LastAsync();
        await Eventually.TrueAsync(() => Advance(time, last));

        Assert.Equal(
            ["it did not start within 1 min: no node takes its pod: no room", "it did not start within 1 min: the quota of the namespace is used up: pods \"x\" is forbidden: exceeded quota: q"],
            (await last).Tasks.Select(task => Assert.Single(task.Attempts).Error));
    }

    [Fact]
    public async Task A_workflow_that_Argo_does_not_begin_with_is_given_up()
    {
        var time = new FakeTimeProvider();
        using var engine = Engines.Create(_kubernetes, new WorkflowOptions { StartTimeout = TimeSpan.FromMinutes(1) }, time: time);
        _kubernetes.SetWorkflow(Workflows.Of(_order, null, null));
        await using var followed = new Followed(engine.FollowAsync(_order, TestContext.Current.CancellationToken));

        var last = followed.LastAsync();
        await Eventually.TrueAsync(() => Advance(time, last));

        Assert.Equal(
            "it did not start within 1 min: Argo has not begun with it; check that its controller runs, and that it looks after the namespace", (await last).Error);
    }

    private static bool Advance(FakeTimeProvider time, Task until)
    {
        time.Advance(TimeSpan.FromSeconds(2));
        return until.IsCompleted;
    }

    private JsonObject Pending() => Workflows.Pod(_order, 0, "pod-0", "Pending");

    private JsonObject Unschedulable()
    {
        var pod = Pending();
        pod["spec"] = new JsonObject();
        pod["status"]!["conditions"] = new JsonArray(new JsonObject
        {
            ["type"] = "PodScheduled",
            ["status"] = "False",
            ["reason"] = "Unschedulable",
            ["message"] = "0/3 nodes are available",
        });
        return pod;
    }

    private static JsonObject Warning(string reason, string message) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = "pod-0.1" },
        ["type"] = "Warning",
        ["involvedObject"] = new JsonObject { ["kind"] = "Pod", ["name"] = "pod-0" },
        ["reason"] = reason,
        ["message"] = message,
    };

    private async Task<string?> TroubleAsync(JsonObject pod)
    {
        _kubernetes.SetPod(pod);
        _kubernetes.SetWorkflow(Workflows.Running(_order, Workflows.Retry(_order, 0, "Running"), Workflows.Node(_order, 0, "Pending")));
        using var engine = Engines.Create(_kubernetes);
        await using var followed = new Followed(engine.FollowAsync(_order, TestContext.Current.CancellationToken));
        var status = await followed.NextAsync(status => status.Tasks[0].Trouble is not null);
        Assert.Equal(PodState.Waiting, status.Tasks[0].State);
        return status.Tasks[0].Trouble;
    }
}
