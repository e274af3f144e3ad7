using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>What a task finds in its working folder (contract, "What a task sees").</summary>
public sealed class StagingTests
{
    [Fact]
    public async Task Patterns_that_reach_the_data_folder_stage_nothing_of_it()
    {
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", """
                a: {inputs: [x], outputs: [o], params: [p], code: ["**"], environment_files: ["*"], command: touch seen; find . -type f | sort > seen; mv seen data/o}
                """),
            ("params.yaml", "p: 1\nq: 2\n"),
            ("lib/x", "code"),
            ("data/x", "input"),
            ("data/y", "no input"),
            ("data/o", "a committed copy"));
        await using var job = await EmbeddedJob.OpenAsync(repository);

        var run = await job.RunAsync();

        Assert.Equal("succeeded", run.Status);
        Assert.Equal(
            ["./data/x", "./dependencies.yaml", "./lib/x", "./params.yaml", "./seen"],
            await File.ReadAllLinesAsync(Path.Combine(job.State, "store", "job", run.Commit, "data", "o")));
    }

    [Fact]
    public async Task Parameters_are_staged_as_they_were_written()
    {
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", "a: {outputs: [o], params: [net.layers, rate], code: [dependencies.yaml], command: cp params.yaml data/o}\n"),
            ("params.yaml", "rate: 0.00001\nnet:\n  layers: 64,32,16\n  seed: 1\n"));
        await using var job = await EmbeddedJob.OpenAsync(repository);

        var run = await job.RunAsync();
        await repository.CommitAsync(("params.yaml", "rate: 0.00001\nnet:\n  layers: 64321,6\n  seed: 2\n"));
        var changed = await job.PlanAsync();

        Assert.Equal(
            "{\n  \"net\": {\"layers\": \"64,32,16\"},\n  \"rate\": 0.00001\n}\n",
            await File.ReadAllTextAsync(Path.Combine(job.State, "store", "job", run.Commit, "data", "o")));
        Assert.Contains(changed.Tasks![0].Reasons, reason => reason is { Code: "params_changed", Detail: "\"64,32,16\" -> \"64321,6\"" });
    }
}
