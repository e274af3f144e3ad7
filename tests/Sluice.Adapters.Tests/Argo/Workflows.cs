using System.Text.Json.Nodes;
using Sluice.Adapters.Argo;
using Sluice.Core.Clusters;

namespace Sluice.Adapters.Tests.Argo;

/// <summary>Workflows and pods as Argo's controller would leave them.</summary>
internal static class Workflows
{
    /// <summary>One that Argo has begun with.</summary>
    public static JsonObject Running(WorkflowOrder order, params IEnumerable<JsonObject> nodes) => Of(order, "Running", null, nodes);

    /// <summary>One that has succeeded.</summary>
    public static JsonObject Ended(WorkflowOrder order, params IEnumerable<JsonObject> nodes) => Of(order, "Succeeded", null, nodes);

    /// <summary>One in a phase.</summary>
    public static JsonObject Of(WorkflowOrder order, string? phase, string? message, params IEnumerable<JsonObject> nodes)
    {
        var workflow = JsonNode.Parse(WorkflowRenderer.RenderJson(order, new WorkflowOptions()))!.AsObject();
        if (phase is not null)
        {
            workflow["status"] = new JsonObject
            {
                ["phase"] = phase,
                ["message"] = message,
                ["nodes"] = new JsonObject(nodes.Select(node => KeyValuePair.Create(node["id"]!.ToString(), (JsonNode?)node))),
            };
        }

        return workflow;
    }

    /// <summary>A node of a pod.</summary>
    public static JsonObject Node(WorkflowOrder order, int task, string phase, string? message = null, string? exitCode = null, int attempt = 0) => new()
    {
        ["id"] = $"{order.Name}-{1000 + (10 * task) + attempt}",
        ["displayName"] = $"t-{task}-py-{task}({attempt})",
        ["type"] = "Pod",
        ["phase"] = phase,
        ["message"] = message,
        ["startedAt"] = "2026-11-23T17:31:41Z",
        ["inputs"] = new JsonObject { ["parameters"] = new JsonArray(new JsonObject { ["name"] = "task", ["value"] = $"{task}" }) },
        ["outputs"] = exitCode is null ? null : new JsonObject { ["exitCode"] = exitCode },
    };

    /// <summary>The node of type Retry over a task's pods.</summary>
    public static JsonObject Retry(WorkflowOrder order, int task, string phase, string? message = null)
    {
        var node = Node(order, task, phase, message);
        (node["id"], node["displayName"], node["type"]) = ($"{order.Name}-{9000 + task}", $"t-{task}-py-{task}", "Retry");
        return node;
    }

    /// <summary>A pod.</summary>
    public static JsonObject Pod(WorkflowOrder order, int task, string name, string phase = "Running", string? nodeName = "node-1", string created = "2026-11-23T17:31:41Z") => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["creationTimestamp"] = created,
            ["labels"] = new JsonObject { ["workflows.argoproj.io/workflow"] = order.Name, ["sluice.dev/task"] = $"{task}" },
            ["annotations"] = new JsonObject { ["workflows.argoproj.io/node-id"] = $"{order.Name}-{1000 + (10 * task)}" },
        },
        ["spec"] = new JsonObject { ["nodeName"] = nodeName },
        ["status"] = new JsonObject { ["phase"] = phase },
    };
}
