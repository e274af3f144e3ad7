using Sluice.Core;
using Sluice.Core.Jobs;
using Sluice.Core.Planning;
using Sluice.Core.Running;
using Sluice.Testing;
using Sluice.Testing.Registry;

namespace Sluice.Server.Tests.Images;

/// <summary>Images of a real registry, and what their tags do to a plan.</summary>
public sealed class ImagePlanTests
{
    [Fact]
    public async Task A_tag_that_is_pushed_again_runs_the_tasks_of_its_image_and_pushed_back_nothing()
    {
        await using var registry = await TestRegistry.StartAsync();
        var first = await registry.PushAsync("a:1", "first");
        await registry.PushAsync("b:1", "first");
        using var repository = await RepositoryAsync($$"""
            one: {outputs: [one], image: "{{registry.Host}}/a:1", command: "echo one > data/one"}
            two: {outputs: [two], image: "{{registry.Host}}/b:1", command: "echo two > data/two"}
            three: {inputs: [one], outputs: [three], image: "{{registry.Host}}/b:1", command: "cat data/one > data/three"}
            """);
        using var job = new ImageJob(repository);
        var run = await job.RunAsync();
        var second = await registry.PushAsync("a:1", "second");
        var moved = await job.LinesAsync();
        await job.RunAsync();

        await registry.PushAsync("a:1", "first");

        Assert.Equal(first, run.Images![$"{registry.Host}/a:1"].ToString());
        Assert.Equal(
            [
                $"one: Run, ImageChanged {registry.Host}/a:1 {first[..19]} -> {second[..19]}",
                "two: Unchanged",
                "three: MayRun, Upstream one will run",
            ],
            moved);
        Assert.False((await job.PlanAsync()).Plan.HasWork);
        Assert.Equal(["one: Cached", "two: Unchanged", "three: Unchanged"], await job.LinesAsync());
    }

    [Fact]
    public async Task Each_image_is_looked_up_once_and_a_run_goes_on_with_what_it_began_with()
    {
        await using var registry = await TestRegistry.StartAsync();
        var first = await registry.PushAsync("a:1", "first");
        using var repository = await RepositoryAsync($$"""
            $job: {defaults: {image: "{{registry.Host}}/a:1"} }
            one: {outputs: [one], command: "echo one > data/one"}
            two: {outputs: [two], command: "echo two > data/two"}
            """);
        using var job = new ImageJob(repository);
        var planned = await job.PlanAsync();
        await registry.PushAsync("a:1", "second");

        var run = await job.RunAsync(planned);

        Assert.Equal([$"{registry.Host}/a:1"], job.Resolver.Asked);
        Assert.Equal(first, run.Images![$"{registry.Host}/a:1"].ToString());
        Assert.Equal(
            $"{registry.Host}/a@{first}", TaskImage.AllOf(planned.Job, [0, 1], planned.Revision.Commit, planned.Images)[$"{registry.Host}/a:1"]);
    }

    [Fact]
    public async Task An_image_that_a_commit_builds_is_looked_up_under_its_tag_where_it_is_to_count()
    {
        await using var registry = await TestRegistry.StartAsync();
        using var repository = await RepositoryAsync($$"""
            one: {outputs: [one], image: "{{registry.Host}}/a", track_image: true, command: "echo one > data/one"}
            """);
        using var job = new ImageJob(repository);
        var tag = (await repository.GitAsync("rev-parse", "HEAD"))[..7];
        var missing = await Assert.ThrowsAsync<BrokenRepositoryException>(job.PlanAsync);

        var digest = await registry.PushAsync($"a:{tag}", "x");

        Assert.Contains($"has no tag '{tag}' of 'a'", missing.Message, StringComparison.Ordinal);
        Assert.Equal(digest, (await job.PlanAsync()).Images[$"{registry.Host}/a"].ToString());
    }

    [Fact]
    public async Task Where_no_tag_counts_no_registry_is_asked_for_a_plan()
    {
        using var repository = await RepositoryAsync($$"""
            one: {outputs: [one], image: "127.0.0.1:1/a", command: "echo one > data/one"}
            two: {outputs: [two], image: "127.0.0.1:1/a:1", track_image: false, command: "echo two > data/two"}
            three: {outputs: [three], image: "127.0.0.1:1/a@sha256:{{new string('a', 64)}}", command: "echo three > data/three"}
            """);
        using var job = new ImageJob(repository);

        var planned = await job.PlanAsync();

        Assert.True(planned.Plan.HasWork);
        Assert.Empty(planned.Images);
        Assert.Empty(job.Resolver.Asked);
    }

    [Fact]
    public async Task Mistakes_of_all_images_are_told_at_their_tasks_with_those_that_did_not_answer()
    {
        await using var registry = await TestRegistry.StartAsync();
        await registry.PushAsync("a:1", "x");
        using var repository = await RepositoryAsync($$"""
            good: {outputs: [a], image: "{{registry.Host}}/a:1", command: "true"}
            tag: {outputs: [b], image: "{{registry.Host}}/a:2", command: "true"}
            name: {outputs: [c], image: "A:1", command: "true"}
            down: {outputs: [d], image: "127.0.0.1:1/a:1", command: "true"}
            again: {outputs: [e], image: "{{registry.Host}}/a:2", command: "true"}
            """);
        using var job = new ImageJob(repository);

        var broken = await Assert.ThrowsAsync<BrokenRepositoryException>(job.PlanAsync);

        Assert.Equal(
            [
                $"2: Task 'tag' and 1 more: the image '{registry.Host}/a:2' is not there: 127.0.0.1 has no tag '2' of 'a'.",
                "3: Task 'name': the image 'A:1' has a name that is none.",
                "4: Task 'down': the image '127.0.0.1:1/a:1' could not be looked up: 127.0.0.1 did not answer.",
            ],
            broken.Mistakes.Select(mistake => $"{mistake.Line}: {mistake.Problem}"));
    }

    [Fact]
    public async Task A_registry_that_is_down_is_nobodys_mistake_and_nothing_runs_by_the_tag()
    {
        using var repository = await RepositoryAsync("""one: {outputs: [one], image: "127.0.0.1:1/a:1", command: "echo one > data/one"}""");
        using var job = new ImageJob(repository);

        var down = await Assert.ThrowsAsync<SluiceException>(() => job.RunAsync());

        Assert.Equal((FaultKind.Unavailable, "registry-unavailable"), (down.Kind, down.Code));
        Assert.StartsWith("Task 'one': the image '127.0.0.1:1/a:1' could not be looked up: 127.0.0.1 did not answer.", down.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_without_an_image_is_a_mistake()
    {
        using var repository = await RepositoryAsync("one: {outputs: [one], command: 'true'}\n");
        using var job = new ImageJob(repository);

        Assert.Contains("has no image", (await Assert.ThrowsAsync<BrokenRepositoryException>(job.PlanAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_asks_for_the_network_runs_again_and_one_that_says_false_does_not()
    {
        using var repository = await RepositoryAsync("""
            $job: {defaults: {image: "a:1", track_image: false} }
            one: {outputs: [one], command: "echo one > data/one"}
            two: {outputs: [two], network: false, command: "echo two > data/two"}
            """);
        using var job = new ImageJob(repository);
        await job.RunAsync();
        await repository.CommitAsync(("dependencies.yaml", """
            $job: {defaults: {image: "a:1", track_image: false} }
            one: {outputs: [one], network: true, command: "echo one > data/one"}
            two: {outputs: [two], command: "echo two > data/two"}
            """));

        Assert.Equal(["one: Run, NetworkChanged  added: true", "two: Unchanged"], await job.LinesAsync());
    }

    [Fact]
    public async Task Committed_outputs_are_adopted_where_the_image_is_written_as_it_was()
    {
        await using var registry = await TestRegistry.StartAsync();
        await registry.PushAsync("a:1", "first");
        await registry.PushAsync("a:2", "second");
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", $$"""one: {outputs: [o], image: "{{registry.Host}}/a:1", command: "echo one > data/o"}"""), ("src/job/one", ""), ("data/o", "committed"));
        using var job = new ImageJob(repository);
        var adopted = await job.PlanAsync(adopt: true);

        await repository.CommitAsync(("dependencies.yaml", $$"""one: {outputs: [o], image: "{{registry.Host}}/a:2", command: "echo one > data/o"}"""));

        Assert.Equal("o", Assert.Single(Assert.Single(adopted.Adopted).Files.Outputs).Path.Value);
        Assert.Empty((await job.PlanAsync(adopt: true)).Adopted);
    }

    // Every task has a script of its own.
    private static Task<TestRepository> RepositoryAsync(string manifest) => TestRepository.CreateAsync(
        [
            ("dependencies.yaml", manifest),
            .. new[] { "one", "two", "three", "good", "tag", "name", "down", "again" }.Select(task => ($"src/job/{task}", task)),
        ]);
}
