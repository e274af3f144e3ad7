using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Sluice.Testing.StandIn;

/// <summary>One Workflow: its tasks in the order of the graph, each with its retries, and the nodes that tell of them.</summary>
internal sealed class StandInWorkflow(StandInArgo argo, JsonObject created) : IDisposable
{
    private readonly string _name = created["metadata"]!["name"]!.ToString();
    private readonly ConcurrentDictionary<string, JsonObject> _nodes = [];
    private readonly CancellationTokenSource _shut = new();
    private readonly SemaphoreSlim _slots = new(int.Parse(created["spec"]!["parallelism"]!.ToString(), CultureInfo.InvariantCulture));
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly Dictionary<string, JsonObject> _templates =
        created["spec"]!["templates"]!.AsArray().ToDictionary(template => template!["name"]!.ToString(), template => template!.AsObject());

    private volatile string? _ended;

    /// <summary>Ends when the Workflow has.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Begins.</summary>
    public void Begin() => Ended = Task.Run(RunAsync);

    /// <summary>Ends all its pods.</summary>
    public void Shut() => _shut.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        _shut.Dispose();
        _slots.Dispose();
        _changed.Dispose();
    }

    private async Task RunAsync()
    {
        var publishing = PublishAsync();
        var dag = _templates[created["spec"]!["entrypoint"]!.ToString()]["dag"]!;
        var ends = new Dictionary<string, TaskCompletionSource<bool>>();
        var tasks = dag["tasks"]!.AsArray().Select(task => task!.AsObject()).ToList();
        foreach (var task in tasks)
        {
            ends[task["name"]!.ToString()] = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        await Task.WhenAll(tasks.Select(async task => ends[task["name"]!.ToString()].SetResult(await RunTaskAsync(task, ends))));
        _ended = (await Task.WhenAll(ends.Values.Select(end => end.Task))).All(succeeded => succeeded) ? "Succeeded" : "Failed";
        Tell();
        await publishing;
    }

    private async Task<bool> RunTaskAsync(JsonObject task, Dictionary<string, TaskCompletionSource<bool>> ends)
    {
        var name = task["name"]!.ToString();
        var needed = task["dependencies"]?.AsArray().Select(other => ends[other!.ToString()].Task).ToList() ?? [];
        var isMet = (await Task.WhenAll(needed)).All(succeeded => succeeded);
        if (!isMet || _shut.IsCancellationRequested)
        {
            Set(name, Node(name, "Skipped", "Omitted", "omitted: depends condition not met"));
            return false;
        }

        var template = _templates[task["template"]!.ToString()];
        var parameters = ParametersOf(task, template);
        var rule = new RetryRule(template["retryStrategy"]);
        Set(name, Node(name, "Retry", "Running", null, parameters));
        for (var retries = 0; ; retries++)
        {
            var end = await RunPodAsync($"{name}({retries.ToString(CultureInfo.InvariantCulture)})", template, parameters);
            if (end.Phase == "Succeeded" || _shut.IsCancellationRequested || !rule.Allows(retries, end))
            {
                Set(name, Node(name, "Retry", end.Phase, end.Phase == "Succeeded" ? null : "No more retries left", parameters));
                return end.Phase == "Succeeded";
            }
        }
    }

    private async Task<PodEnd> RunPodAsync(string node, JsonObject template, Dictionary<string, string> parameters)
    {
        await _slots.WaitAsync();
        try
        {
            var pod = $"{_name}-{template["name"]}-{HashOf(node)}";
            for (var isAgain = false; ; isAgain = true)
            {
                Set(node, Node(node, "Pod", "Pending", null, parameters));
                var one = new StandInPod(argo, created, template, parameters, pod);
                var end = await one.RunAsync(() => Set(node, Node(node, "Pod", "Running", null, parameters)), _shut.Token);

                // A pod that is gone is silently made again, under the same name.
                if (end.ExitCode == 137 && !isAgain && !_shut.IsCancellationRequested)
                {
                    argo.Kubernetes.DeletePod(pod);
                    continue;
                }

                Set(node, Node(node, "Pod", end.Phase, end.Message, parameters, end.ExitCode));
                return end;
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    private static Dictionary<string, string> ParametersOf(JsonObject task, JsonObject template)
    {
        var parameters = template["inputs"]!["parameters"]!.AsArray()
            .Where(parameter => parameter!["value"] is not null)
            .ToDictionary(parameter => parameter!["name"]!.ToString(), parameter => parameter!["value"]!.ToString());
        foreach (var parameter in task["arguments"]!["parameters"]!.AsArray())
        {
            parameters[parameter!["name"]!.ToString()] = parameter["value"]!.ToString();
        }

        return parameters;
    }

    private JsonObject Node(string name, string type, string phase, string? message, Dictionary<string, string>? parameters = null, int? exitCode = null)
    {
        var id = $"{_name}-{HashOf(name)}";
        var known = _nodes.GetValueOrDefault(id);
        var node = new JsonObject
        {
            ["id"] = id,
            ["name"] = $"{_name}.{name}",
            ["displayName"] = name,
            ["type"] = type,
            ["phase"] = phase,
            ["boundaryID"] = _name,
            ["startedAt"] = known?["startedAt"]?.DeepClone() ?? Now,
            ["inputs"] = new JsonObject
            {
                ["parameters"] = new JsonArray([.. (parameters ?? []).Select(parameter => new JsonObject { ["name"] = parameter.Key, ["value"] = parameter.Value })]),
            },
        };
        if (message is { Length: > 0 })
        {
            node["message"] = message;
        }

        if (type == "Pod")
        {
            node["hostNodeName"] = "here";
        }

        if (phase is "Succeeded" or "Failed" or "Error" or "Omitted")
        {
            node["finishedAt"] = Now;
        }

        if (exitCode is { } code)
        {
            node["outputs"] = new JsonObject { ["exitCode"] = code.ToString(CultureInfo.InvariantCulture) };
        }

        return node;
    }

    private static JsonNode Now => DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    // FNV-1a in 32 bits, as Argo names its nodes and pods.
    private string HashOf(string node)
    {
        var hash = 2166136261u;
        foreach (var letter in $"{_name}.{node}")
        {
            hash = (hash ^ letter) * 16777619u;
        }

        return hash.ToString(CultureInfo.InvariantCulture);
    }

    private void Set(string name, JsonObject node)
    {
        _nodes[$"{_name}-{HashOf(name)}"] = node;
        Tell();
    }

    private void Tell()
    {
        try
        {
            _changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is told already.
        }
    }

    // As many changes at once as have come together: a large Workflow is a large object.
    private async Task PublishAsync()
    {
        for (var isLast = false; !isLast;)
        {
            await _changed.WaitAsync();
            isLast = _ended is not null;
            if (argo.Kubernetes.FindWorkflow(_name) is not { } workflow)
            {
                return;
            }

            var nodes = new JsonObject();
            foreach (var (id, node) in _nodes)
            {
                nodes[id] = node.DeepClone();
            }

            nodes[_name] = new JsonObject
            {
                ["id"] = _name,
                ["name"] = _name,
                ["displayName"] = _name,
                ["type"] = "DAG",
                ["phase"] = _ended ?? "Running",
                ["startedAt"] = Now,
            };
            workflow["status"] = new JsonObject { ["phase"] = _ended ?? "Running", ["startedAt"] = Now, ["nodes"] = nodes };
            if (_shut.IsCancellationRequested && _ended is "Failed")
            {
                workflow["status"]!["message"] = "Stopped with strategy 'Terminate'";
            }

            argo.Kubernetes.SetWorkflow(workflow);
        }
    }
}
