namespace Sluice.Cli.Tests;

/// <summary>What a person is told to do next, or not to wonder about.</summary>
public sealed class AdviceTests : CheckoutFixture
{
    [Theory]
    [InlineData("diff", "HEAD has no parent to compare with; name two commits")]
    [InlineData("log a.py --run nope", "There is no run 'nope'")]
    [InlineData("--job other log a.py", "There is no job 'other' yet")]
    [InlineData("statsu", "Did you mean 'sluice status'?")]
    public async Task A_mistake_names_what_was_typed_and_what_to_do(string arguments, string words)
    {
        var result = await SluiceAsync(2, arguments.Split(' '));

        Assert.Contains(words, result.StandardError, StringComparison.Ordinal);
        Assert.DoesNotContain("HEAD~1", result.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gc_says_how_long_things_stay() => Assert.Contains("stays for 7 days", (await SluiceAsync(0, "gc")).StandardError, StringComparison.Ordinal);

    [Fact]
    public async Task A_job_without_tasks_has_nothing_that_could_have_run()
    {
        await Repository.CommitAsync(("dependencies.yaml", "$job: {name: my-job}\n"));
        await SluiceAsync(0, "run");

        Assert.Equal("nothing ran: the job has no tasks\n", (await SluiceAsync(0, "why")).StandardOutput);
    }

    [Fact]
    public async Task After_a_run_nothing_will_run_any_more_and_an_empty_workflow_is_said_to_be_one()
    {
        await SluiceAsync(0, "run");

        Assert.Contains("  after a.py\n", (await SluiceAsync(0, "why", "b.py")).StandardOutput, StringComparison.Ordinal);
        Assert.Contains("nothing would run", (await SluiceAsync(0, "render")).StandardError, StringComparison.Ordinal);
        Assert.Equal("HELLO\n", (await SluiceAsync(0, "get", "./a.txt", "-o", "-")).StandardOutput);
    }
}
