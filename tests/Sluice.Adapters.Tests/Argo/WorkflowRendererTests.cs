using System.Text.Json.Nodes;
using NJsonSchema;
using Sluice.Adapters.Argo;
using Sluice.Core.Clusters;
using Sluice.Core.Jobs;
using Sluice.Testing;
using YamlDotNet.Serialization;

namespace Sluice.Adapters.Tests.Argo;

public sealed class WorkflowRendererTests
{
    private static readonly WorkflowOptions Configured = new()
    {
        Architecture = "arm64",
        NodeSelector = new Dictionary<string, string> { ["pool"] = "batch", ["kubernetes.io/os"] = "plan9" },
        Tolerations = [new NodeToleration("gpu", "yes", "NoSchedule"), new NodeToleration("spot", null, null)],
        PullSecrets = ["registry"],
        Cpu = "250m",
        Memory = "256Mi",
        StoreEndpoint = new Uri("http://minio:9000/$(HOME)"),
        StoreBucket = "results",
        StoreUsesPathStyle = true,
        StoreSecret = "store-secret",
    };

    [Fact]
    public void Only_what_runs_is_rendered_with_direct_edges_and_no_command_of_the_user()
    {
        var yaml = WorkflowRenderer.Render(TestOrders.Of(4, 1, 2, 3), new WorkflowOptions());

        Assert.Contains("sluice.dev/skipped: \"1\"", yaml, StringComparison.Ordinal);
        Assert.Contains("image: registry/x:aaaaaaa", yaml, StringComparison.Ordinal);
        Assert.Contains("dependencies: [t-2-py-2]", yaml, StringComparison.Ordinal);
        Assert.DoesNotContain("t-0-py-0", yaml, StringComparison.Ordinal);
        Assert.DoesNotContain("$(", yaml, StringComparison.Ordinal);
        Assert.DoesNotContain("secret command", yaml, StringComparison.Ordinal);
        Assert.Equal(1, yaml.Split("- name: task-").Length - 1);
    }

    [Fact]
    public void Five_thousand_tasks_stay_under_a_megabyte()
    {
        var order = TestOrders.Of(5000, Enumerable.Range(0, 5000));

        Assert.InRange(WorkflowRenderer.Render(order, Configured).Length, 100_000, 1_000_000);
        Assert.InRange(WorkflowRenderer.RenderJson(order, Configured).Length, 100_000, 1_000_000);
    }

    [Fact]
    public void Tasks_with_long_names_are_named_by_their_numbers_where_there_are_many()
    {
        var tasks = Enumerable.Range(0, 5000).Select(index => TestOrders.Task(
            index, TestOrders.Declared(new string('x', 190) + index), [.. Enumerable.Range(0, index).Reverse().Take(3)]));
        var order = TestOrders.Of(tasks, Enumerable.Range(0, 5000));

        Assert.InRange(WorkflowRenderer.RenderJson(order, Configured).Length, 100_000, 1_000_000);
        Assert.Contains("name: task-4999,", WorkflowRenderer.Render(order, Configured), StringComparison.Ordinal);
    }

    [Fact]
    public void The_name_is_one_that_Kubernetes_takes() =>
        Assert.Matches(@"\Asluice-my-job-aaaaaaa-[0-9a-z]{8}\z", TestOrders.Of(1, 0).Name);

    [Fact]
    public void What_runs_for_an_image_is_said_by_the_order()
    {
        var order = TestOrders.Of(1, 0) with { Images = new Dictionary<string, string> { ["registry/x"] = "registry/x@sha256:12" } };

        Assert.Equal("registry/x@sha256:12", Template(Json(order))["container"]!["image"]!.ToString());
        Assert.Equal("registry/x", Template(Json(order with { Images = new Dictionary<string, string>() }))["container"]!["image"]!.ToString());
    }

    [Fact]
    public void Where_and_as_whom_pods_run_is_said_by_the_configuration()
    {
        var spec = Json(TestOrders.Of(1, 0))["spec"]!;

        Assert.Equal("""{"pool":"batch","kubernetes.io/os":"linux","kubernetes.io/arch":"arm64"}""", spec["nodeSelector"]!.ToJsonString());
        Assert.Equal(
            """[{"key":"gpu","operator":"Equal","value":"yes","effect":"NoSchedule"},{"key":"spot","operator":"Exists"}]""",
            spec["tolerations"]!.ToJsonString());
        Assert.Equal("""[{"name":"registry"}]""", spec["imagePullSecrets"]!.ToJsonString());
        Assert.False((bool)spec["automountServiceAccountToken"]!);
    }

    [Fact]
    public void Only_the_executors_own_container_gets_the_stores_credential()
    {
        var template = Template(Json(TestOrders.Of(1, 0)));
        var init = template["initContainers"]![0]!;

        Assert.Equal("""["/sluice-executor","install","/sluice"]""", init["command"]!.ToJsonString());
        Assert.Equal(
            ["STORE_ACCESS_KEY=store-secret/access_key", "STORE_SECRET_KEY=store-secret/secret_key"],
            init["env"]!.AsArray().Select(it => $"{it!["name"]}={it["valueFrom"]!["secretKeyRef"]!["name"]}/{it["valueFrom"]!["secretKeyRef"]!["key"]}"));
        Assert.Equal(
            ["STORE_ENDPOINT=http://minio:9000/$$(HOME)", "STORE_REGION=us-east-1", "STORE_BUCKET=results", "STORE_PATH_STYLE=true", "POD_NAME=metadata.name"],
            template["container"]!["env"]!.AsArray().Select(it => $"{it!["name"]}={it["value"] ?? it["valueFrom"]!["fieldRef"]!["fieldPath"]}"));
    }

    [Fact]
    public void A_pod_says_whose_it_is_and_nothing_in_a_name_is_a_template()
    {
        var task = TestOrders.Declared("{{workflow.uid}}/{{{=1}}}.py") with { Timeout = TimeSpan.FromSeconds(60), Image = "{{image}}" };
        var workflow = Json(TestOrders.Of([TestOrders.Task(0, task)], 0));
        var parameters = workflow["spec"]!["templates"]![0]!["dag"]!["tasks"]![0]!["arguments"]!["parameters"]!;

        Assert.Equal(
            """[{"name":"task","value":"0"},{"name":"name","value":"((workflow.uid))/(((=1))).py"},{"name":"timeout","value":"960"}]""", parameters.ToJsonString());
        Assert.Equal("sluice", workflow["spec"]!["podMetadata"]!["labels"]!["app.kubernetes.io/managed-by"]!.ToString());
        Assert.Equal(TestOrders.Run.Value, workflow["spec"]!["podMetadata"]!["labels"]!["sluice.dev/run"]!.ToString());
        Assert.Equal("{{inputs.parameters.task}}", Template(workflow)["metadata"]!["labels"]!["sluice.dev/task"]!.ToString());
        Assert.StartsWith("((image))", Template(workflow)["container"]!["image"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pod_whose_task_asks_for_the_network_says_so()
    {
        var workflow = Json(TestOrders.Of(
            [TestOrders.Task(0, TestOrders.Declared("a.py")), TestOrders.Task(1, TestOrders.Declared("b.py") with { UsesNetwork = true })], 0, 1));

        Assert.Equal(
            [null, "true"],
            workflow["spec"]!["templates"]!.AsArray().Skip(1).Select(it => it!["metadata"]!["labels"]!["sluice.dev/network"]?.ToString()));
    }

    [Fact]
    public void A_label_ends_with_a_letter_or_a_digit_whatever_the_job_is_called()
    {
        var order = TestOrders.Of(1, 0);

        var workflow = Json(order with { Job = order.Job with { Name = JobName.Parse("my_job-_") } });

        Assert.Equal("my_job", workflow["metadata"]!["labels"]!["sluice.dev/job"]!.ToString());
    }

    [Fact]
    public void Defaults_are_asked_for_where_a_task_asks_for_nothing()
    {
        var template = Template(Json(TestOrders.Of([TestOrders.Task(0, TestOrders.Declared("a.py") with { Resources = null })], 0)));

        Assert.Equal("""{"requests":{"cpu":"250m","memory":"256Mi"}}""", template["container"]!["resources"]!.ToJsonString());
    }

    [Theory]
    [InlineData(0, "2", "asInt(lastRetry.exitCode) == 75 or lastRetry.status == 'Error' or lastRetry.message matches '^(The node |Pod was terminated in response to|executor: )'")]
    [InlineData(3, "5", "asInt(lastRetry.exitCode) == 75 or lastRetry.status == 'Error' or lastRetry.message matches '^(The node |Pod was terminated in response to|executor: )' or asInt(retries) < 3")]
    public void Trouble_outside_is_tried_again_twice_and_the_users_failures_as_often_as_the_task_asks(int retries, string limit, string expression)
    {
        var strategy = Template(Json(TestOrders.Of([TestOrders.Task(0, TestOrders.Declared("a.py") with { Retries = retries })], 0)))["retryStrategy"]!;

        Assert.Equal(limit, strategy["limit"]!.ToString());
        Assert.Equal(expression, strategy["expression"]!.ToString());
    }

    [Theory]
    [InlineData("workflow-schema-v3.7.18.json")]
    [InlineData("workflow-schema-v4.1.2.json")]
    public async Task It_is_valid_by_Argos_own_schema(string file)
    {
        var schema = JsonNode.Parse(await File.ReadAllTextAsync(SharedFiles.Find(file)))!.AsObject();
        schema["oneOf"] = new JsonArray(new JsonObject { ["$ref"] = "#/definitions/io.argoproj.workflow.v1alpha1.Workflow" });
        schema.Remove("$id");
        var order = TestOrders.Of(3, 0, 1, 2);
        var yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(WorkflowRenderer.Render(order, Configured))!;
        var checker = await JsonSchema.FromJsonAsync(schema.ToJsonString());

        Assert.Empty(checker.Validate(new SerializerBuilder().JsonCompatible().Build().Serialize(yaml)).Select(problem => problem.ToString()));
        Assert.Empty(checker.Validate(Json(order).ToJsonString()).Select(problem => problem.ToString()));
        Assert.Empty(Unknown(schema, Json(order), "io.argoproj.workflow.v1alpha1.Workflow", ""));
    }

    // The schema takes fields that it does not know; the API server, asked to be strict, does not.
    private static IEnumerable<string> Unknown(JsonObject schema, JsonNode value, string type, string path)
    {
        var properties = schema["definitions"]![type]!["properties"]?.AsObject();
        foreach (var (name, inner) in properties is null || value is not JsonObject ? [] : value.AsObject())
        {
            if (properties![name] is not { } property)
            {
                yield return $"{path}.{name}";
                continue;
            }

            var reference = (property["$ref"] ?? property["items"]?["$ref"])?.ToString();
            var items = inner is JsonArray list ? list.ToArray() : [inner];
            foreach (var found in reference is null ? [] : items.SelectMany(item => Unknown(schema, item!, reference.Split('/')[^1], $"{path}.{name}")))
            {
                yield return found;
            }
        }
    }

    private static JsonObject Json(WorkflowOrder order) => JsonNode.Parse(WorkflowRenderer.RenderJson(order, Configured))!.AsObject();

    private static JsonNode Template(JsonObject workflow) => workflow["spec"]!["templates"]![1]!;
}
