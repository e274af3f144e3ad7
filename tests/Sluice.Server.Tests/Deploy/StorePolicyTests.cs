using System.Text.Json.Nodes;
using static Sluice.Server.Tests.Deploy.Overlay;

namespace Sluice.Server.Tests.Deploy;

/// <summary>What the pods of tasks may do on the store, wherever it is written down.</summary>
public sealed class StorePolicyTests
{
    [Fact]
    public async Task Pods_read_contents_and_put_below_work_and_never_list_or_delete()
    {
        var policy = await LocalAsync();

        Assert.Equal(
            [
                "Allow s3:GetObject arn:aws:s3:::sluice/*/.sluice/cas/*",
                "Allow s3:GetObject arn:aws:s3:::sluice/*/.sluice/results/*",
                "Allow s3:GetObject arn:aws:s3:::sluice/*/.sluice/work/*",
                "Allow s3:PutObject arn:aws:s3:::sluice/*/.sluice/work/*",
            ],
            policy["Statement"]!.AsArray().SelectMany(it => it!["Action"]!.AsArray().SelectMany(action =>
                it["Resource"]!.AsArray().Select(resource => $"{it["Effect"]} {action} {resource}"))));
    }

    [Fact]
    public async Task The_page_on_operations_gives_the_same_policy()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Root, "docs/operations.md"));

        var given = JsonNode.Parse(page.Split("```json\n")[1].Split("```")[0]);

        Assert.True(JsonNode.DeepEquals(await LocalAsync(), given));
    }

    [Fact]
    public async Task The_bucket_and_the_keys_are_those_of_the_service()
    {
        var overlay = await BuildAsync("local");
        var script = Text(overlay.Of("ConfigMap", "minio-setup").Node["data"]!["setup.sh"]);

        Assert.Contains($"store/{overlay.Settings["SLUICE_STORE__BUCKET"]}\n", script, StringComparison.Ordinal);
        Assert.Contains($"{overlay.Settings["SLUICE_STORE__ENDPOINT"]} ", script, StringComparison.Ordinal);
        Assert.Equal(
            ["ROOT_KEY", "ROOT_SECRET", "SERVICE_KEY", "SERVICE_SECRET", "TASK_KEY", "TASK_SECRET"],
            overlay.Of("Job", "minio-setup").Containers.Single()["env"]!.AsArray().Select(it => Text(it!["name"])).Where(it => script.Contains($"${it}\"", StringComparison.Ordinal)));
    }

    private static async Task<JsonNode> LocalAsync() =>
        JsonNode.Parse(Text((await BuildAsync("local")).Of("ConfigMap", "minio-setup").Node["data"]!["task-policy.json"]))!;
}
