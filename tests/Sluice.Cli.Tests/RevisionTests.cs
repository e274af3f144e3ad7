using Sluice.Testing;

namespace Sluice.Cli.Tests;

/// <summary>Which repository and which commit a command takes.</summary>
public sealed class RevisionTests : CheckoutFixture
{
    [Theory]
    [InlineData("HEAD~1")]
    [InlineData("@^")]
    [InlineData("origin/main")]
    public async Task A_word_of_gits_grammar_names_the_commit_that_runs(string reference)
    {
        var first = await Repository.GitAsync("rev-parse", "HEAD");
        await Repository.GitAsync("update-ref", "refs/remotes/origin/main", first);
        await Repository.CommitAsync(("data/raw.txt", "second\n"));

        var plan = await JsonAsync(0, "plan", "--ref", reference);
        var run = await JsonAsync(0, "run", "--ref", reference);
        await SluiceAsync(0, "status", "--ref", reference);
        await SluiceAsync(0, "dag", "--ref", reference);
        await SluiceAsync(0, "render", "--ref", reference);

        Assert.Equal(first, plan.GetProperty("commit").GetString());
        Assert.Equal(first, run.GetProperty("commit").GetString());
    }

    [Fact]
    public async Task A_branch_stays_the_ref_of_its_run_and_without_one_it_is_the_commit_of_HEAD()
    {
        var head = await Repository.GitAsync("rev-parse", "HEAD");

        Assert.Equal("main", (await JsonAsync(0, "plan", "--ref", "main")).GetProperty("ref").GetString());
        Assert.Equal(head, (await JsonAsync(0, "plan")).GetProperty("commit").GetString());
    }

    [Fact]
    public async Task Why_compares_with_a_word_of_gits_grammar_too()
    {
        await SluiceAsync(0, "run");
        await Repository.CommitAsync(("data/raw.txt", "second\n"));
        await SluiceAsync(0, "run");

        Assert.Contains("input raw.txt", (await SluiceAsync(0, "why", "a.py", "--against", "HEAD~1")).StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bare_repository_is_one_without_a_checkout()
    {
        await Repository.GitAsync("clone", "--quiet", "--bare", ".", Folder["my-job.git"]);
        var away = new SluiceCommand(Repository, State) { Folder = Folder.Path };

        var run = await away.RunAsync(0, "-C", "my-job.git", "run");
        await away.RunAsync(0, "-C", $"file://{Folder["my-job.git"]}", "plan", "--ref", "HEAD");

        Assert.Contains("the job is called 'my-job' after the repository's address", run.StandardError, StringComparison.Ordinal);
        Assert.Equal("HELLO\n", (await away.RunAsync(0, "-C", "my-job.git", "get", "a.txt", "-o", "-")).StandardOutput);
    }

    [Fact]
    public async Task A_checkout_named_by_its_file_URL_is_a_checkout_with_the_name_of_its_job()
    {
        var away = new SluiceCommand(Repository, State) { Folder = "/" };

        var plan = await away.RunAsync(0, "-C", $"file://{Repository.Path}", "plan");

        Assert.Contains("my-job at", plan.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_takes_what_a_run_takes_and_names_the_nearest_task()
    {
        await SluiceAsync(0, "run");

        var forced = await JsonAsync(0, "plan", "--force", "b.py", "data/b/x/f");
        var unknown = await SluiceAsync(2, "plan", "b.yp");

        Assert.Equal(1, forced.GetProperty("counts").GetProperty("run").GetInt32());
        Assert.Contains("did you mean 'b.py'?", unknown.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_belongs_to_another_repository_is_moved_on_request_only()
    {
        await SluiceAsync(0, "run");
        using var other = await TestRepository.CreateAsync(("dependencies.yaml", "t: {outputs: [o], code: [dependencies.yaml], command: echo > data/o}\n"));
        var theirs = new SluiceCommand(other, State);

        var refused = await theirs.RunAsync(2, "--job", "my-job", "run");
        await theirs.RunAsync(0, "--job", "my-job", "run", "--move");

        Assert.Contains("--move", refused.StandardError, StringComparison.Ordinal);
    }
}
