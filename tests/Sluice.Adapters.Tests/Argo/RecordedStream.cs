using System.Text.Json.Nodes;
using Sluice.Core.Clusters;
using Sluice.Testing.Kubernetes;
using Sluice.Testing;

namespace Sluice.Adapters.Tests.Argo;

/// <summary>
/// What a real cluster sent of one workflow, in the order in which it came. The recorded workflows are not Sluice's: their nodes are given the
/// parameter with the task's number here.
/// </summary>
internal sealed class RecordedStream
{
    private readonly List<Change> _changes;

    private RecordedStream(string name, List<Change> changes)
    {
        (Name, _changes) = (name, changes);
        var nodes = changes.Where(change => change.Kind == "wf").SelectMany(change => NodesOf(change.Value)).ToList();
        TaskNames = [.. nodes.Where(node => node["type"]!.ToString() is "Pod" or "Retry" or "Skipped").Select(TaskOf).Distinct().Order(StringComparer.Ordinal)];
        nodes.ForEach(Number);
        Order = TestOrders.Of(TaskNames.Select((task, index) => TestOrders.Task(index, TestOrders.Declared(task))), Enumerable.Range(0, TaskNames.Count)) with { Name = name };
    }

    /// <summary>The workflow's name.</summary>
    public string Name { get; }

    /// <summary>The names of its tasks; their places are the numbers.</summary>
    public IReadOnlyList<string> TaskNames { get; }

    /// <summary>An order of these tasks.</summary>
    public WorkflowOrder Order { get; }

    /// <summary>How many changes of the workflow there are.</summary>
    public int WorkflowChanges => _changes.Count(change => change.Kind == "wf");

    /// <summary>Reads one, such as <c>wf/dag-two</c>; skips the test where the recordings are not there.</summary>
    public static RecordedStream Read(string path, bool keepsPodsWaiting = false)
    {
        var file = SharedFiles.Find("recorded", path + ".jsonl");
        var known = new Dictionary<string, Queue<(string Type, JsonObject Value)>>
        {
            ["wf"] = Lines(file),
            ["pods"] = Lines(Path.ChangeExtension(file, "pods.jsonl")),
            ["events"] = Lines(Path.ChangeExtension(file, "events.jsonl")),
        };
        var changes = new List<Change>();
        foreach (var kind in File.ReadLines(Path.ChangeExtension(file, "arrivals.tsv")).Select(line => line.Split('\t')[1]))
        {
            if (known.TryGetValue(kind, out var queue) && queue.TryDequeue(out var next))
            {
                changes.Add(new Change(kind, next.Type, next.Value));
            }
        }

        return new RecordedStream(Path.GetFileName(path), changes) { KeepsPodsWaiting = keepsPodsWaiting };
    }

    /// <summary>Sends everything up to and with the next change of the workflow.</summary>
    /// <returns>False where there is none any more.</returns>
    public bool SendNext(TestKubernetes kubernetes)
    {
        SendPods(kubernetes);
        if (_changes.Count == 0)
        {
            return false;
        }

        var (_, type, value) = _changes[0];
        _changes.RemoveAt(0);
        kubernetes.SetWorkflow(value);
        if (type == "DELETED")
        {
            kubernetes.Delete(Name);
        }

        return true;
    }

    /// <summary>Whether pods stay as they were while they waited.</summary>
    public bool KeepsPodsWaiting { get; init; }

    /// <summary>Sends what came of pods and events before the next change of the workflow.</summary>
    public void SendPods(TestKubernetes kubernetes)
    {
        var count = _changes.FindIndex(change => change.Kind == "wf") is var place && place < 0 ? _changes.Count : place;
        foreach (var (kind, type, value) in _changes[..count])
        {
            if (kind == "events")
            {
                kubernetes.SetEvent(value);
            }
            else if (KeepsPodsWaiting && (type == "DELETED" || value["status"]!["phase"]!.ToString() != "Pending"))
            {
                continue;
            }
            else if (type == "DELETED")
            {
                kubernetes.DeletePod(value["metadata"]!["name"]!.ToString());
            }
            else
            {
                kubernetes.SetPod(value);
            }
        }

        _changes.RemoveRange(0, count);
    }

    private static Queue<(string Type, JsonObject Value)> Lines(string file) => new(!File.Exists(file) ? [] : File.ReadLines(file)
        .Select(line => JsonNode.Parse(line)!)
        .Select(change => (change["type"]!.ToString(), change["object"]!.AsObject())));

    private static IEnumerable<JsonObject> NodesOf(JsonObject workflow) =>
        workflow["status"]?["nodes"]?.AsObject().Select(it => it.Value!.AsObject()) ?? [];

    // A try is called after its task: t(0), t(1).
    private static string TaskOf(JsonObject node)
    {
        var name = node["displayName"]!.ToString();
        return node["nodeFlag"]?["retried"] is { } retried && (bool)retried ? name[..name.LastIndexOf('(')] : name;
    }

    private void Number(JsonObject node)
    {
        var number = TaskNames.ToList().IndexOf(TaskOf(node)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (node["type"]!.ToString() is "Pod" or "Retry")
        {
            node["inputs"] = new JsonObject { ["parameters"] = new JsonArray(new JsonObject { ["name"] = "task", ["value"] = number }) };
        }
        else if (node["type"]!.ToString() == "Skipped")
        {
            // Argo gives no inputs to what it leaves out; the names of Sluice's own nodes end with the number.
            node["displayName"] = $"{node["displayName"]}-{number}";
        }
    }

    private sealed record Change(string Kind, string Type, JsonObject Value);
}
