using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Sluice.Adapters.Argo;
using Sluice.Core;
using Sluice.Core.Clusters;
using Sluice.Core.Jobs;
using Sluice.Core.Running;
using Sluice.Testing;
using Sluice.Testing.Kubernetes;

namespace Sluice.Adapters.Tests.Argo;

/// <summary>The Secret with a run's own credential of the store.</summary>
public sealed class RunSecretTests : IAsyncLifetime
{
    private readonly WorkflowOrder _order = TestOrders.Of(2, 0, 1);
    private readonly Numbered _credentials = new();
    private readonly WatchedTime _time = new();
    private TestKubernetes _kubernetes = null!;

    private string Name => $"sluice-run-{_order.Run}";

    public async ValueTask InitializeAsync() => _kubernetes = await TestKubernetes.StartAsync();

    public ValueTask DisposeAsync() => _kubernetes.DisposeAsync();

    [Fact]
    public async Task It_is_there_before_the_workflow_whose_pods_refer_to_it_and_goes_with_it()
    {
        using var engine = Engines.Create(_kubernetes, credentials: _credentials);

        await engine.SubmitAsync(_order, default);

        Assert.Equal(["secrets", "workflows"], _kubernetes.Requests.Where(request => request.Method == "POST").Select(request => request.Path.Split('/')[^1]));
        Assert.Equal("my_job 1", Read("access_key"));
        var workflow = _kubernetes.FindWorkflow(_order.Name)!;
        Assert.Equal(workflow["metadata"]!["uid"]!.ToString(), Assert.Single(_kubernetes.FindSecret(Name)!["metadata"]!["ownerReferences"]!.AsArray())!["uid"]!.ToString());
        var executor = workflow["spec"]!["templates"]![1]!["initContainers"]![0]!["env"]!.AsArray();
        Assert.Equal(
            ["STORE_ACCESS_KEY access_key", "STORE_SECRET_KEY secret_key", "STORE_SESSION_TOKEN session_token"],
            executor.Select(it => $"{it!["name"]} {it["valueFrom"]!["secretKeyRef"]!["key"]}"));
        Assert.All(executor, it => Assert.Equal(Name, it!["valueFrom"]!["secretKeyRef"]!["name"]!.ToString()));
        _kubernetes.Delete(_order.Name);
        Assert.Empty(_kubernetes.ListSecrets());
    }

    [Fact]
    public async Task A_later_workflow_of_the_run_takes_it_over()
    {
        using var engine = Engines.Create(_kubernetes, credentials: _credentials);
        await engine.SubmitAsync(_order, default);

        await engine.SubmitAsync(_order with { Name = _order.Name + "-2" }, default);
        _kubernetes.Delete(_order.Name);

        Assert.Equal("my_job 2", Read("access_key"));
        _kubernetes.Delete(_order.Name + "-2");
        Assert.Empty(_kubernetes.ListSecrets());
    }

    [Fact]
    public async Task It_is_renewed_long_before_its_end_as_long_as_the_workflow_goes_on()
    {
        var (quarter, pause) = (_credentials.Lifetime / 4, _credentials.Lifetime / 16);
        using var engine = Engines.Create(_kubernetes, pace: Engines.Fast with { Answer = _credentials.Lifetime }, time: _time, credentials: _credentials);
        await engine.SubmitAsync(_order, default);
        _kubernetes.SetWorkflow(Workflows.Running(_order));
        using var end = new CancellationTokenSource();
        var following = FollowAsync(engine, end.Token);

        await _time.WaitedForAsync(quarter, times: 1);
        _time.Advance(quarter);
        await Eventually.TrueAsync(() => Read("access_key") == "my_job 2");
        _credentials.Trouble = new SluiceException(FaultKind.Unavailable, "x", "x");
        await _time.WaitedForAsync(quarter, times: 2);
        _time.Advance(quarter);
        await _time.WaitedForAsync(pause, times: 1);
        _time.Advance(pause);
        await _time.WaitedForAsync(pause, times: 2);
        _credentials.Trouble = null;
        _time.Advance(pause);

        await Eventually.TrueAsync(() => Read("access_key") == "my_job 3");
        Assert.NotNull(Assert.Single(_kubernetes.FindSecret(Name)!["metadata"]!["ownerReferences"]!.AsArray()));
        await end.CancelAsync();
        await following;
    }

    [Fact]
    public async Task Who_takes_a_workflow_up_again_renews_it_at_once()
    {
        using (var before = Engines.Create(_kubernetes, credentials: _credentials))
        {
            await before.SubmitAsync(_order, default);
        }

        using var engine = Engines.Create(_kubernetes, credentials: _credentials);
        using var end = new CancellationTokenSource();
        var following = FollowAsync(engine, end.Token);

        await Eventually.TrueAsync(() => Read("access_key") == "my_job 2");
        await end.CancelAsync();
        await following;
    }

    [Fact]
    public async Task Without_a_credential_nothing_is_made()
    {
        using var engine = Engines.Create(_kubernetes, credentials: _credentials);
        _credentials.Trouble = new SluiceException(FaultKind.BadGateway, "refused", "no");

        var exception = await Assert.ThrowsAsync<SluiceException>(() => engine.SubmitAsync(_order, default));

        Assert.Equal("refused", exception.Code);
        Assert.Empty(_kubernetes.Requests);
    }

    [Fact]
    public async Task It_is_taken_away_with_its_run_and_one_that_is_gone_stays_so()
    {
        using var engine = Engines.Create(_kubernetes, credentials: _credentials);
        await engine.SubmitAsync(_order, default);

        await engine.ForgetAsync(_order.Run, default);
        await engine.ForgetAsync(_order.Run, default);

        Assert.Empty(_kubernetes.ListSecrets());
    }

    [Fact]
    public async Task Where_all_runs_share_a_credential_no_Secret_is_touched()
    {
        using var engine = Engines.Create(_kubernetes);
        await engine.SubmitAsync(_order, default);

        await engine.ForgetAsync(_order.Run, default);

        Assert.DoesNotContain(_kubernetes.Requests, request => request.Path.Contains("/secrets", StringComparison.Ordinal));
        Assert.DoesNotContain("session_token", _kubernetes.FindWorkflow(_order.Name)!.ToJsonString(), StringComparison.Ordinal);
    }

    private string? Read(string key) => _kubernetes.FindSecret(Name)?["data"]?[key] is { } value ? Encoding.UTF8.GetString(Convert.FromBase64String(value.ToString())) : null;

    private async Task FollowAsync(ArgoEngine engine, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in engine.FollowAsync(_order, cancellationToken))
            {
            }
        }
        catch (OperationCanceledException)
        {
            // As the test wants it.
        }
    }

    /// <summary>A clock that knows who waits for how long.</summary>
    private sealed class WatchedTime : FakeTimeProvider
    {
        private readonly ConcurrentQueue<TimeSpan> _waits = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _waits.Enqueue(dueTime);
            return timer;
        }

        public Task WaitedForAsync(TimeSpan wait, int times) => Eventually.TrueAsync(() => _waits.Count(it => it == wait) == times);
    }

    /// <summary>Credentials with numbers as keys.</summary>
    private sealed class Numbered : IRunCredentials
    {
        private int _made;

        public SluiceException? Trouble { get; set; }

        public TimeSpan Lifetime => TimeSpan.FromHours(1);

        public Task<RunCredential> CreateAsync(JobName job, RunId run, CancellationToken cancellationToken)
        {
            if (Trouble is { } trouble)
            {
                throw trouble;
            }

            var name = $"{job} {++_made}";
            return Task.FromResult(new RunCredential(name, "secret of " + name, "token of " + name));
        }
    }
}
