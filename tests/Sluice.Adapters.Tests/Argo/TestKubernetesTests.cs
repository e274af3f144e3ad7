using System.Text;
using System.Text.Json.Nodes;
using Sluice.Testing.Kubernetes;
using Sluice.Testing;

namespace Sluice.Adapters.Tests.Argo;

public sealed class TestKubernetesTests
{
    [Theory]
    [InlineData("crd-missing-create")]
    [InlineData("crd-missing-get")]
    [InlineData("crd-missing-list")]
    [InlineData("crd-missing-watch")]
    [InlineData("create-alreadyexists")]
    [InlineData("create-namespace-notfound")]
    [InlineData("delete-notfound")]
    [InlineData("get-notfound")]
    [InlineData("get-ok")]
    [InlineData("list-namespace-notfound")]
    [InlineData("log-of-missing-pod")]
    [InlineData("log-unscheduled-pod")]
    [InlineData("patch-json-test-fails")]
    [InlineData("patch-notfound")]
    [InlineData("patch-ok")]
    [InlineData("patch-strategic-unsupported")]
    [InlineData("wrong-resource")]
    [InlineData("wrong-version")]
    public async Task It_answers_as_a_real_API_server(string recording)
    {
        var recorded = JsonNode.Parse(await File.ReadAllTextAsync(SharedFiles.Find("recorded", "api", recording + ".json")))!;
        await using var kubernetes = await TestKubernetes.StartAsync("wf");
        kubernetes.IsWithoutArgo = recording.StartsWith("crd-missing", StringComparison.Ordinal);
        kubernetes.SetWorkflow(new JsonObject { ["metadata"] = new JsonObject { ["name"] = "api-ok" } });
        kubernetes.SetPod(new JsonObject { ["metadata"] = new JsonObject { ["name"] = "unschedulable" }, ["spec"] = new JsonObject() });
        var asked = recorded["request"]!;
        using var client = new HttpClient { BaseAddress = kubernetes.Url };
        using var request = new HttpRequestMessage(new HttpMethod(asked["method"]!.ToString()), new Uri(asked["path"]!.ToString(), UriKind.Relative));
        request.Content = asked["body"] is { } body ? new StringContent(body.ToJsonString(), Encoding.UTF8, asked["contentType"]!.ToString()) : null;

        using var answer = await client.SendAsync(request);

        var expected = recorded["response"]!;
        Assert.Equal((int)expected["status"]!, (int)answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync();
        if (expected["body"] is not JsonObject known)
        {
            Assert.Equal(expected["body"]!.ToString(), text);
        }
        else if (known["reason"] is { } reason)
        {
            Assert.Equal(reason.ToString(), JsonNode.Parse(text)!["reason"]!.ToString());
            Assert.StartsWith(JsonNode.Parse(text)!["message"]!.ToString(), known["message"]!.ToString(), StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(known["kind"]!.ToString(), JsonNode.Parse(text)!["kind"]?.ToString() ?? "Workflow");
        }
    }
}
