using System.Text.Json.Nodes;

namespace Sluice.Testing.Kubernetes;

/// <summary>An answer that a <see cref="TestKubernetes"/> gives instead of its own.</summary>
/// <param name="Status">The status.</param>
/// <param name="Headers">Headers; those that belong to the connection are left out.</param>
/// <param name="Body">The body.</param>
public sealed record KubernetesAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    private static readonly HashSet<string> OfTheConnection = new(StringComparer.OrdinalIgnoreCase) { "Content-Length", "Transfer-Encoding", "Date", "Connection" };

    /// <summary>An answer of a real API server from a recording: its <c>response</c> with status, headers and <c>rawBody</c>, <c>body</c> or <c>lines</c>.</summary>
    public static KubernetesAnswer Recorded(JsonObject response) => new(
        (int)response["status"]!,
        response["headers"]!.AsObject().Where(it => !OfTheConnection.Contains(it.Key)).ToDictionary(it => it.Key, it => it.Value!.ToString()),
        response switch
        {
            _ when response["rawBody"] is { } raw => raw.ToString(),
            _ when response["lines"] is JsonArray lines => string.Concat(lines.Select(line => line!.ToString())),
            _ when response["body"] is JsonObject body => body.ToJsonString(),
            _ => response["body"]?.ToString() ?? "",
        });

    /// <summary>A failure as the API server tells it.</summary>
    public static KubernetesAnswer Failure(int code, string reason, string message) => Json(code, new JsonObject
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = message,
        ["reason"] = reason,
        ["code"] = code,
    });

    /// <summary>An object.</summary>
    public static KubernetesAnswer Json(int code, JsonObject body) => Text(code, body.ToJsonString(), "application/json");

    /// <summary>A text.</summary>
    public static KubernetesAnswer Text(int code, string body, string type = "text/plain; charset=utf-8") =>
        new(code, new Dictionary<string, string> { ["Content-Type"] = type }, body);
}
