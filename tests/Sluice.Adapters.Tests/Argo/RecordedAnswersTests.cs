using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sluice.Adapters.Argo;
using Sluice.Core;
using Sluice.Testing.Kubernetes;
using Sluice.Testing;

namespace Sluice.Adapters.Tests.Argo;

public sealed class RecordedAnswersTests
{
    // Answers to what the engine never asks: it deletes and replaces nothing, and makes no list in pages.
    private static readonly string[] NotMet =
    [
        "apis-list-before", "crd-missing-delete", "crd-missing-group-discovery", "crd-missing-groupversion-discovery", "crd-workflows-names", "version",
        "delete-notfound", "delete-pod", "delete-precondition-uid", "delete-running", "forbidden-delete", "put-conflict-stale-resourceVersion", "put-notfound",
        "put-without-resourceVersion", "list-ok-limit1", "list-page1", "partial-metadata", "table-list", "taskresults-of-workflow",
        "selfsubjectaccessreview-create-workflow", "pods-of-workflow", "events-of-workflow", "log-previous-none", "log-ok-wait",
    ];

    public static TheoryData<string, string, string> Rows => [.. RecordedAnswers.All];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_recorded_answer_is_told_in_words(string recording, string call, string expected)
    {
        var recorded = JsonNode.Parse(await File.ReadAllTextAsync(SharedFiles.Find("recorded", "api", recording + ".json")))!["response"]!.AsObject();
        await using var kubernetes = await TestKubernetes.StartAsync();
        using var engine = Engines.Create(kubernetes, pace: Engines.Fast with { Patience = TimeSpan.Zero });
        kubernetes.Answer(request => IsMeant(request, call), KubernetesAnswer.Recorded(recorded), once: call.EndsWith("once", StringComparison.Ordinal));

        var outcome = await OutcomeAsync(kubernetes, engine, call.Split(' ')[0]);

        Assert.Matches(@"\A" + Regex.Escape(expected).Replace("…", ".*", StringComparison.Ordinal) + @"\z", outcome);
    }

    [Fact]
    public void Every_recorded_answer_is_in_the_table_or_cannot_be_met()
    {
        var recorded = Directory.EnumerateFiles(SharedFiles.Find("recorded", "api"), "*.json").Select(Path.GetFileNameWithoutExtension);

        Assert.Equal(recorded.Order(StringComparer.Ordinal), RecordedAnswers.All.Select(row => row.Item1).Concat(NotMet).Distinct().Order(StringComparer.Ordinal));
    }

    private static bool IsMeant(KubernetesRequest request, string call) => call.Split(' ')[0] switch
    {
        "submit" => request.Method == "POST",
        "get" => request.Method == "GET" && request.IsForWorkflows && request.Query.Length == 0,
        "list" => request.Method == "GET" && request.IsForWorkflows && !request.IsWatch && request.Query.Length > 0,
        "watch" => request.IsWatch,
        "stop" => request.Method == "PATCH",
        "pods" => request.Path.EndsWith("/pods", StringComparison.Ordinal),
        _ => request.Path.EndsWith("/log", StringComparison.Ordinal),
    };

    private static async Task<string> OutcomeAsync(TestKubernetes kubernetes, ArgoEngine engine, string call)
    {
        var order = TestOrders.Of(1, 0);
        try
        {
            switch (call)
            {
                case "submit":
                    await engine.SubmitAsync(order, default);
                    return "done";
                case "get":
                    kubernetes.SetWorkflow(Workflows.Running(order));
                    await engine.SubmitAsync(order, default);
                    return "done";
                case "stop":
                    await engine.StopAsync(order.Name, order.Run, default);
                    return "done";
                case "log" or "pods":
                    kubernetes.SetPod(Workflows.Pod(order, 0, "pod-1"));
                    return await engine.OpenLogAsync(order.Name, 0, follow: false, default) is { } log ? "log: " + await ReadAsync(log) : "no log";
                default:
                    kubernetes.SetWorkflow(Workflows.Running(order));
                    await foreach (var status in engine.FollowAsync(order, default))
                    {
                        kubernetes.SetWorkflow(Workflows.Ended(order));
                        if (status.IsEnded)
                        {
                            return status.IsGone ? "gone" : "done";
                        }
                    }

                    return "no end";
            }
        }
        catch (SluiceException exception)
        {
            return $"{exception.Kind}: {exception.Message.Replace(kubernetes.Url.GetLeftPart(UriPartial.Authority), "URL", StringComparison.Ordinal)}";
        }
    }

    private static async Task<string> ReadAsync(Stream log)
    {
        using var reader = new StreamReader(log);
        return (await reader.ReadToEndAsync()).Replace("\n", "/", StringComparison.Ordinal);
    }
}
