using System.Collections.Immutable;
using System.Text.Json.Nodes;
using NJsonSchema;
using Sluice.Adapters.Argo;
using Sluice.Core.Jobs;
using Sluice.Core.Revisions;
using Sluice.Core.Running;
using YamlDotNet.Serialization;

namespace Sluice.Adapters.Tests.Argo;

public sealed class WorkflowRendererTests
{
    private static readonly JobName Name = JobName.Parse("my_job");
    private static readonly CommitId Commit = CommitId.Parse(new string('a', 40));
    private static readonly RunId Run = RunId.New(DateTimeOffset.UnixEpoch);

    [Fact]
    public void Only_what_runs_is_rendered_with_direct_edges_and_no_command_of_the_user()
    {
        var yaml = Render(Job(4), 1, 2, 3);

        Assert.Contains("sluice.dev/skipped: \"1\"", yaml, StringComparison.Ordinal);
        Assert.Contains("image: registry/x:aaaaaaa", yaml, StringComparison.Ordinal);
        Assert.Contains("- t-2-py-2", yaml, StringComparison.Ordinal);
        Assert.DoesNotContain("t-0-py-0", yaml, StringComparison.Ordinal);
        Assert.DoesNotContain("$(", yaml, StringComparison.Ordinal);
        Assert.DoesNotContain("secret command", yaml, StringComparison.Ordinal);
        Assert.Equal(1, yaml.Split("- name: task-").Length - 1);
    }

    [Fact]
    public void Five_thousand_tasks_stay_under_a_megabyte() =>
        Assert.InRange(Render(Job(5000), [.. Enumerable.Range(0, 5000)]).Length, 100_000, 1_000_000);

    [Fact]
    public void The_name_is_one_that_Kubernetes_takes() =>
        Assert.Matches(@"\Asluice-my-job-aaaaaaa-[0-9a-z]{8}\z", WorkflowRenderer.NameOf(Run, Name, Commit));

    [Theory]
    [InlineData("workflow-schema-v3.7.18.json")]
    [InlineData("workflow-schema-v4.1.2.json")]
    public async Task It_is_valid_by_Argos_own_schema(string file)
    {
        var path = Shared("argo", file);
        Assert.SkipUnless(File.Exists(path), $"{path} is not there: it is shared beside the project, not part of it.");
        var schema = JsonNode.Parse(await File.ReadAllTextAsync(path))!.AsObject();
        schema["oneOf"] = new JsonArray(new JsonObject { ["$ref"] = "#/definitions/io.argoproj.workflow.v1alpha1.Workflow" });
        schema.Remove("$id");
        var json = new SerializerBuilder().JsonCompatible().Build().Serialize(new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(Render(Job(3), 0, 1, 2))!);

        var problems = (await JsonSchema.FromJsonAsync(schema.ToJsonString())).Validate(json);

        Assert.Empty(problems.Select(problem => problem.ToString()));
    }

    private static string Shared(params string[] parts)
    {
        // Tests run in artifacts/bin/<project>/<configuration>, four folders below the project.
        var root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../.."));
        return Path.Combine([Path.GetDirectoryName(root)!, "shared", .. parts]);
    }

    private static string Render(ResolvedJob job, params int[] tasks) =>
        WorkflowRenderer.Render(Run, Name, Commit, job, tasks.ToHashSet(), new WorkflowOptions());

    private static ResolvedJob Job(int count) => new()
    {
        Name = Name,
        Manifest = new Manifest(),
        ManifestFile = new RevisionFile(RepoPath.Trusted("dependencies.yaml"), RevisionFileKind.Regular, ""),
        CodeFolder = RepoPath.Trusted("src/job"),
        Tasks =
        [
            .. Enumerable.Range(0, count).Select(number => new ResolvedTask
            {
                Index = number,
                Task = new JobTask
                {
                    Name = new TaskName($"t.{number}.py"),
                    Command = TaskCommand.Shell("secret command $(HOME)"),
                    Image = "registry/x",
                    Resources = new TaskResources("500m", "1Gi", 0),
                },
                Upstream = number == 0 ? [] : [number - 1],
            }),
        ],
        Order = [.. Enumerable.Range(0, count)],
    };
}
