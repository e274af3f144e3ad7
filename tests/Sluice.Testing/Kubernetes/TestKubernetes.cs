using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Sluice.Testing.Kubernetes;

/// <summary>
/// As much of a Kubernetes API server as Sluice uses, over real HTTP on this machine: Workflows, pods, events, Secrets and logs of one namespace, with
/// versions, watches and the answers of a real one. What Argo's controller does is left to whoever sets <see cref="OnCreated"/>.
/// </summary>
public sealed class TestKubernetes : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly WebApplication _server;
    private readonly KubernetesObjects _objects = new();
    private readonly ConcurrentDictionary<string, TestLog> _logs = [];
    private readonly ConcurrentQueue<KubernetesRequest> _requests = [];
    private readonly Lock _lock = new();
    private readonly List<(Func<KubernetesRequest, bool> IsMeant, KubernetesAnswer Answer, bool Once)> _answers = [];
    private readonly CancellationTokenSource _stopped = new();
    private CancellationTokenSource _watches = new();

    private TestKubernetes(string @namespace, WebApplication server) => (Namespace, _server) = (@namespace, server);

    /// <summary>The one namespace.</summary>
    public string Namespace { get; }

    /// <summary>Its address.</summary>
    public Uri Url { get; private set; } = new("http://127.0.0.1");

    /// <summary>The path of a kubeconfig that leads to it.</summary>
    public string KubeConfig => _folder["kubeconfig"];

    /// <summary>Waited for before a request is carried out, which it is then, whether the client still waits for its answer or not.</summary>
    public Func<KubernetesRequest, Task> OnAsked { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called with each Workflow that a client made, after it is kept; what takes long must not be done within the call.</summary>
    public Action<JsonObject>? OnCreated { get; set; }

    /// <summary>Called with each Workflow that a client changed, as it is then.</summary>
    public Action<JsonObject>? OnPatched { get; set; }

    /// <summary>Called with the name of each Workflow that a client deleted.</summary>
    public Action<string>? OnDeleted { get; set; }

    /// <summary>Whether every request breaks off without an answer.</summary>
    public bool IsDown { get; set; }

    /// <summary>Whether the Workflow kind is not known there.</summary>
    public bool IsWithoutArgo { get; set; }

    /// <summary>What was asked so far.</summary>
    public IReadOnlyList<KubernetesRequest> Requests => [.. _requests];

    internal KubernetesObjects Objects => _objects;

    internal CancellationToken Stopped => _stopped.Token;

    /// <summary>Starts one.</summary>
    /// <param name="namespace">The one namespace there is.</param>
    public static async Task<TestKubernetes> StartAsync(string @namespace = "sluice")
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            options.Limits.MaxRequestBodySize = null;
        });
        var kubernetes = new TestKubernetes(@namespace, builder.Build());
        kubernetes._server.Run(kubernetes.AnswerAsync);
        await kubernetes._server.StartAsync();
        kubernetes.Url = new Uri(kubernetes._server.Urls.First());
        await File.WriteAllTextAsync(kubernetes.KubeConfig, $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: test
              cluster:
                server: "{kubernetes.Url}"
            users:
            - name: test
              user:
                token: test
            contexts:
            - name: test
              context:
                cluster: test
                user: test
                namespace: {@namespace}
            current-context: test
            """);
        return kubernetes;
    }

    /// <summary>A copy of a Workflow as it is.</summary>
    public JsonObject? FindWorkflow(string name) => _objects.Find(KubernetesApi.Workflows, name);

    /// <summary>Copies of all Workflows.</summary>
    public IReadOnlyList<JsonObject> ListWorkflows() => _objects.List(KubernetesApi.Workflows, _ => true).Items;

    /// <summary>Makes or changes a Workflow, and tells whoever watches.</summary>
    public void SetWorkflow(JsonObject workflow) => _objects.Set(KubernetesApi.Workflows, workflow);

    /// <summary>A copy of a Secret as it is.</summary>
    public JsonObject? FindSecret(string name) => _objects.Find(KubernetesApi.Secrets, name);

    /// <summary>Copies of all Secrets.</summary>
    public IReadOnlyList<JsonObject> ListSecrets() => _objects.List(KubernetesApi.Secrets, _ => true).Items;

    /// <summary>Deletes a Workflow with its pods, and with the Secrets that are its own.</summary>
    /// <returns>False where it is not there.</returns>
    public bool Delete(string workflow)
    {
        foreach (var secret in ListSecrets().Where(secret => secret["metadata"]!["ownerReferences"] is JsonArray { Count: > 0 } owners
            && owners.All(owner => owner!["uid"]!.ToString() == FindWorkflow(workflow)?["metadata"]!["uid"]!.ToString())))
        {
            _objects.Delete(KubernetesApi.Secrets, secret["metadata"]!["name"]!.ToString());
        }

        foreach (var pod in _objects.List(KubernetesApi.Pods, pod => Selector.Matches(pod, "workflows.argoproj.io/workflow=" + workflow, null)).Items)
        {
            DeletePod(pod["metadata"]!["name"]!.ToString());
        }

        return _objects.Delete(KubernetesApi.Workflows, workflow);
    }

    /// <summary>Makes or changes a pod.</summary>
    public void SetPod(JsonObject pod) => _objects.Set(KubernetesApi.Pods, pod);

    /// <summary>Takes a pod away, with its log.</summary>
    public void DeletePod(string pod)
    {
        _objects.Delete(KubernetesApi.Pods, pod);
        if (_logs.TryRemove(pod, out var log))
        {
            log.End();
        }
    }

    /// <summary>Makes or changes an event.</summary>
    public void SetEvent(JsonObject happened) => _objects.Set(KubernetesApi.Events, happened);

    /// <summary>The log of a pod's main container; made with the first call.</summary>
    public TestLog Log(string pod) => _logs.GetOrAdd(pod, _ => new TestLog());

    /// <summary>Gives an answer to requests that are meant, the first rule first.</summary>
    /// <param name="isMeant">Which ones.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="once">Whether the rule is for the next one only.</param>
    public void Answer(Func<KubernetesRequest, bool> isMeant, KubernetesAnswer answer, bool once = false)
    {
        lock (_lock)
        {
            _answers.Add((isMeant, answer, once));
        }
    }

    /// <summary>Takes all rules back.</summary>
    public void ClearAnswers()
    {
        lock (_lock)
        {
            _answers.Clear();
        }
    }

    /// <summary>Breaks off every watch and log that is open.</summary>
    public void BreakWatches()
    {
        CancellationTokenSource open;
        lock (_lock)
        {
            (open, _watches) = (_watches, new CancellationTokenSource());
        }

        open.Cancel();
    }

    /// <summary>Forgets all changes so far: a watch from before is answered with an ERROR event of code 410.</summary>
    public void ExpireVersions() => _objects.Expire();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        await _server.StopAsync(_stopped.Token);
        await _server.DisposeAsync();
        _folder.Dispose();
        _stopped.Dispose();
        _watches.Dispose();
    }

    internal TestLog? FindLog(string pod) => _logs.GetValueOrDefault(pod);

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var request = new KubernetesRequest(
            context.Request.Method, context.Request.Path.Value ?? "", context.Request.QueryString.Value ?? "", body);
        _requests.Enqueue(request);
        await OnAsked(request);
        if (IsDown)
        {
            context.Abort();
            return;
        }

        CancellationToken broken;
        lock (_lock)
        {
            broken = _watches.Token;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopped.Token, broken);
        try
        {
            await (TakeAnswer(request) is { } answer
                ? KubernetesApi.WriteAsync(context, answer, end.Token)
                : new KubernetesApi(this).AnswerAsync(context, request, end.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client has gone, or the test breaks the connection.
            context.Abort();
        }
    }

    private KubernetesAnswer? TakeAnswer(KubernetesRequest request)
    {
        lock (_lock)
        {
            var place = _answers.FindIndex(rule => rule.IsMeant(request));
            if (place < 0)
            {
                return null;
            }

            var answer = _answers[place].Answer;
            if (_answers[place].Once)
            {
                _answers.RemoveAt(place);
            }

            return answer;
        }
    }
}
