using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Sluice.Testing.Kubernetes;

/// <summary>The requests that a <see cref="TestKubernetes"/> knows, answered as a real API server does.</summary>
internal sealed partial class KubernetesApi(TestKubernetes kubernetes)
{
    public const string Workflows = "workflows";
    public const string Pods = "pods";
    public const string Events = "events";
    public const string Secrets = "secrets";

    public static async Task WriteAsync(HttpContext context, KubernetesAnswer answer, CancellationToken cancellationToken)
    {
        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        if (answer.Body.Length > 0)
        {
            await context.Response.WriteAsync(answer.Body, cancellationToken);
        }
    }

    public async Task AnswerAsync(HttpContext context, KubernetesRequest request, CancellationToken cancellationToken)
    {
        if (Find(request.Path) is not var (folder, resource, name, part))
        {
            await WriteAsync(context, KubernetesAnswer.Text(404, "404 page not found\n"), cancellationToken);
        }
        else if (request.Method == "GET" && part == "log")
        {
            await LogAsync(context, name!, cancellationToken);
        }
        else if (request.Method == "GET" && name is null && request.IsWatch)
        {
            await WatchAsync(context, resource, cancellationToken);
        }
        else
        {
            await WriteAsync(context, Answer(context, request, folder, resource, name), cancellationToken);
        }
    }

    // /apis/argoproj.io/v1alpha1/namespaces/<ns>/workflows[/<name>] and /api/v1/namespaces/<ns>/(pods|events|secrets)[/<name>[/log]]
    private (string Namespace, string Resource, string? Name, string? Part)? Find(string path)
    {
        var parts = path.Trim('/').Split('/');
        var rest = parts switch
        {
            ["apis", "argoproj.io", "v1alpha1", "namespaces", _, Workflows, ..] when !kubernetes.IsWithoutArgo => parts[4..],
            ["api", "v1", "namespaces", _, Pods or Events or Secrets, ..] => parts[3..],
            _ => null,
        };
        return rest is null ? null : (rest[0], rest[1], rest.ElementAtOrDefault(2), rest.ElementAtOrDefault(3));
    }

    private KubernetesAnswer Answer(HttpContext context, KubernetesRequest request, string folder, string resource, string? name)
    {
        if (folder != kubernetes.Namespace)
        {
            return (request.Method, name) switch
            {
                ("POST", _) => KubernetesAnswer.Failure(404, "NotFound", $"namespaces \"{folder}\" not found"),
                (_, null) => List(resource, _ => false),
                _ => Missing(resource, name),
            };
        }

        return (request.Method, name) switch
        {
            ("GET", null) => List(resource, value => IsMeant(context, value)),
            ("GET", _) => kubernetes.Objects.Find(resource, name) is { } found ? KubernetesAnswer.Json(200, found) : Missing(resource, name),
            ("POST", null) => Create(resource, JsonNode.Parse(request.Body)!.AsObject()),
            ("PATCH", _) when context.Request.ContentType?.Split(';')[0] is "application/json-patch+json" or "application/merge-patch+json" =>
                Patch(resource, name!, JsonNode.Parse(request.Body)!),
            ("PATCH", _) => KubernetesAnswer.Failure(415, "UnsupportedMediaType", "the body of the request was in an unknown format"),
            ("DELETE", _) => Delete(resource, name!),
            _ => KubernetesAnswer.Failure(405, "MethodNotAllowed", "the server does not allow this method on the requested resource"),
        };
    }

    private KubernetesAnswer List(string resource, Func<JsonObject, bool> isMeant)
    {
        var (items, version) = kubernetes.Objects.List(resource, isMeant);
        return KubernetesAnswer.Json(200, new JsonObject
        {
            ["apiVersion"] = resource == Workflows ? "argoproj.io/v1alpha1" : "v1",
            ["kind"] = resource switch { Workflows => "WorkflowList", Pods => "PodList", Secrets => "SecretList", _ => "EventList" },
            ["metadata"] = new JsonObject { ["resourceVersion"] = version },
            ["items"] = new JsonArray([.. items]),
        });
    }

    private KubernetesAnswer Create(string resource, JsonObject value)
    {
        value["metadata"]!["namespace"] = kubernetes.Namespace;
        value["metadata"]!["generation"] = 1;
        var name = value["metadata"]!["name"]!.ToString();
        if (WhatIsInvalid(value) is { } invalid)
        {
            return KubernetesAnswer.Failure(422, "Invalid", $"Workflow.argoproj.io \"{name}\" is invalid: {invalid}");
        }

        if (kubernetes.Objects.Set(resource, value, mustBeNew: true) is not { } created)
        {
            return KubernetesAnswer.Failure(409, "AlreadyExists", $"{Kind(resource)} \"{name}\" already exists");
        }

        (resource == Workflows ? kubernetes.OnCreated : null)?.Invoke(created);
        return KubernetesAnswer.Json(201, created);
    }

    // A subdomain of RFC 1123 as a name, and labels as Kubernetes wants them.
    private static string? WhatIsInvalid(JsonObject value)
    {
        var metadata = value["metadata"]!;
        var labels = (metadata["labels"]?.AsObject() ?? []).Concat(value["spec"]?["podMetadata"]?["labels"]?.AsObject() ?? []);
        return !Name().IsMatch(metadata["name"]!.ToString()) ? "metadata.name: Invalid value"
            : labels.Any(label => !Label().IsMatch(label.Value!.ToString())) ? "metadata.labels: Invalid value"
            : null;
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$")]
    private static partial Regex Name();

    [GeneratedRegex("^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$")]
    private static partial Regex Label();

    private KubernetesAnswer Patch(string resource, string name, JsonNode patch)
    {
        if (kubernetes.Objects.Find(resource, name) is not { } known)
        {
            return Missing(resource, name);
        }

        if (patch is JsonObject merged)
        {
            Merge(known, merged);
        }
        else if (!patch.AsArray().All(step => IsDone(known, step!.AsObject())))
        {
            // It says no more of what does not hold.
            return KubernetesAnswer.Failure(422, "Invalid", "the server rejected our request due to an error in our request");
        }

        var changed = kubernetes.Objects.Set(resource, known)!;
        (resource == Workflows ? kubernetes.OnPatched : null)?.Invoke(changed);
        return KubernetesAnswer.Json(200, changed);
    }

    // One step of a JSON patch (RFC 6902), as far as they are used.
    private static bool IsDone(JsonObject target, JsonObject step)
    {
        var path = step["path"]!.ToString()[1..].Split('/').Select(part => part.Replace("~1", "/", StringComparison.Ordinal)).ToList();
        var folder = path.SkipLast(1).Aggregate((JsonNode?)target, (node, part) => (node as JsonObject)?[part]) as JsonObject;
        switch (step["op"]!.ToString())
        {
            case "test":
                return JsonNode.DeepEquals(folder?[path[^1]], step["value"]);
            case "add" when folder is not null:
                folder[path[^1]] = step["value"]!.DeepClone();
                return true;
            default:
                return false;
        }
    }

    private KubernetesAnswer Delete(string resource, string name)
    {
        if (!(resource == Workflows ? kubernetes.Delete(name) : kubernetes.Objects.Delete(resource, name)))
        {
            return Missing(resource, name);
        }

        (resource == Workflows ? kubernetes.OnDeleted : null)?.Invoke(name);
        return KubernetesAnswer.Json(200, new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Success" });
    }

    // A merge patch (RFC 7386): null takes a member away, an object is merged, everything else replaces.
    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner)
            {
                if (target[name] is not JsonObject known)
                {
                    target[name] = known = [];
                }

                Merge(known, inner);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }

    private async Task WatchAsync(HttpContext context, string resource, CancellationToken cancellationToken)
    {
        // The head of the answer is sent at once, as a real one does, and the stream stays open.
        context.Response.ContentType = "application/json";
        await context.Response.Body.FlushAsync(cancellationToken);
        var asked = context.Request.Query["resourceVersion"].ToString();
        if (asked is "" or "0")
        {
            var (items, now) = kubernetes.Objects.List(resource, value => IsMeant(context, value));
            await WriteEventsAsync(context, items.Select(item => ("ADDED", item)), cancellationToken);
            asked = now;
        }

        for (var version = long.Parse(asked, CultureInfo.InvariantCulture); ;)
        {
            if (kubernetes.Objects.Since(version) is not var (changes, now, more))
            {
                var status = JsonNode.Parse(KubernetesAnswer.Failure(410, "Expired", $"too old resource version: {version} ({kubernetes.Objects.Version})").Body)!;
                await WriteEventsAsync(context, [("ERROR", status.AsObject())], cancellationToken);
                return;
            }

            var meant = changes.Where(change => change.Resource == resource && IsMeant(context, change.Value));
            await WriteEventsAsync(context, meant.Select(change => (change.Type, change.Value)), cancellationToken);
            version = now;
            await more.WaitAsync(cancellationToken);
        }
    }

    private static async Task WriteEventsAsync(HttpContext context, IEnumerable<(string Type, JsonObject Value)> events, CancellationToken cancellationToken)
    {
        foreach (var (type, value) in events)
        {
            await context.Response.WriteAsync($"{{\"type\":\"{type}\",\"object\":{value.ToJsonString()}}}\n", cancellationToken);
        }

        await context.Response.Body.FlushAsync(cancellationToken);
    }

    private async Task LogAsync(HttpContext context, string pod, CancellationToken cancellationToken)
    {
        if (kubernetes.Objects.Find(Pods, pod) is not { } known)
        {
            await WriteAsync(context, Missing(Pods, pod), cancellationToken);
            return;
        }

        if (kubernetes.FindLog(pod) is not { } log)
        {
            // Not scheduled: an empty answer; scheduled, and its container has not begun: an error.
            var answer = known["spec"]?["nodeName"] is null
                ? KubernetesAnswer.Text(204, "")
                : KubernetesAnswer.Failure(400, "BadRequest", $"container \"main\" in pod \"{pod}\" is waiting to start: PodInitializing");
            await WriteAsync(context, answer, cancellationToken);
            return;
        }

        context.Response.ContentType = "text/plain";
        var follow = context.Request.Query["follow"] == "true";
        for (var read = 0; ;)
        {
            var (bytes, isEnded, more) = log.Read(read);
            read += bytes.Length;
            await context.Response.Body.WriteAsync(bytes, cancellationToken);
            await context.Response.Body.FlushAsync(cancellationToken);
            if (isEnded || !follow)
            {
                return;
            }

            await more.WaitAsync(cancellationToken);
        }
    }

    private static bool IsMeant(HttpContext context, JsonObject value) =>
        Selector.Matches(value, context.Request.Query["labelSelector"], context.Request.Query["fieldSelector"]);

    private static KubernetesAnswer Missing(string resource, string? name) =>
        KubernetesAnswer.Failure(404, "NotFound", $"{Kind(resource)} \"{name}\" not found");

    private static string Kind(string resource) => resource == Workflows ? "workflows.argoproj.io" : resource;
}
