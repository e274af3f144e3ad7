using System.Text.RegularExpressions;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

/// <summary>What <c>sluice gc</c> gives up, and what it leaves alone.</summary>
public sealed partial class GcTests : CheckoutFixture
{
    [Fact]
    public async Task Of_the_newest_commits_so_many_are_kept_and_the_others_are_gone()
    {
        await SluiceAsync(0, "run");
        await EditAsync("second\n");
        await SluiceAsync(0, "run");

        var dry = await SluiceAsync(0, "gc", "--keep-commits", "1");
        var kept = await SluiceAsync(0, "get", "--rev", "HEAD~1", "a.txt", "-o", "-");
        var deleted = await SluiceAsync(0, "gc", "--keep-commits", "1", "--yes");
        var gone = await SluiceAsync(2, "get", "--rev", "HEAD~1", "a.txt", "-o", "-");

        Assert.Contains("would delete 1 commit(s)", dry.StandardOutput, StringComparison.Ordinal);
        Assert.Equal("HELLO\n", kept.StandardOutput);
        Assert.Contains("deleted 1 commit(s)", deleted.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("it was given up since", gone.StandardError, StringComparison.Ordinal);
        Assert.Equal("SECOND\n", (await SluiceAsync(0, "get", "a.txt", "-o", "-")).StandardOutput);
    }

    [Fact]
    public async Task What_a_branch_or_a_tag_names_is_kept_and_other_jobs_are_none_of_its_business()
    {
        await SluiceAsync(0, "run");
        await Repository.GitAsync("tag", "v1");
        await EditAsync("between\n");
        await SluiceAsync(0, "run");
        await EditAsync("tip\n");
        await SluiceAsync(0, "run");
        using var other = await TestRepository.CreateAsync(("dependencies.yaml", "t: {outputs: [o], code: [dependencies.yaml], command: echo > data/o}\n"));
        var theirs = new SluiceCommand(other, State);
        await theirs.RunAsync(0, "--job", "other", "run");

        var deleted = await SluiceAsync(0, "gc", "--keep-refs", "--yes");

        Assert.Contains("my-job: deleted 1 commit(s)", deleted.StandardOutput, StringComparison.Ordinal);
        Assert.DoesNotContain("other", deleted.StandardOutput, StringComparison.Ordinal);
        await theirs.RunAsync(0, "--job", "other", "get", "o", "-o", "-");
        Assert.Equal("HELLO\n", (await SluiceAsync(0, "get", "--rev", "v1", "a.txt", "-o", "-")).StandardOutput);
        Assert.Equal("TIP\n", (await SluiceAsync(0, "get", "a.txt", "-o", "-")).StandardOutput);
        await SluiceAsync(2, "get", "--rev", "HEAD~1", "a.txt", "-o", "-");
    }

    [Fact]
    public async Task The_refs_of_another_repository_with_a_job_of_that_name_are_refused()
    {
        await SluiceAsync(0, "run");
        using var other = await TestRepository.CreateAsync(("dependencies.yaml", "$job: {name: my-job}\n"));

        var result = await new SluiceCommand(other, State).RunAsync(2, "gc", "--keep-refs", "--yes");

        Assert.Contains("is it another repository?", result.StandardError, StringComparison.Ordinal);
        await SluiceAsync(0, "get", "a.txt", "-o", "-");
    }

    [Fact]
    public async Task Only_what_was_stored_longer_ago_is_given_up()
    {
        var old = await Repository.GitAsync("rev-parse", "HEAD");
        await SluiceAsync(0, "run");
        await EditAsync("second\n");
        await SluiceAsync(0, "run");
        var record = Path.Combine(State, "store", "my-job", ".sluice", "commits", old, "1.json");
        var text = StoredAt().Replace(await File.ReadAllTextAsync(record), "${before}2020");
        File.Delete(record);
        await File.WriteAllTextAsync(record, text);

        var deleted = await SluiceAsync(0, "gc", "--older-than", "52w", "--yes");

        Assert.Contains("deleted 1 commit(s)", deleted.StandardOutput, StringComparison.Ordinal);
        await SluiceAsync(2, "get", "--rev", old, "a.txt", "-o", "-");
        await SluiceAsync(0, "get", "a.txt", "-o", "-");
    }

    [Theory]
    [InlineData("99999999w")]
    [InlineData("30dd")]
    [InlineData("d")]
    [InlineData("-1d")]
    [InlineData("")]
    public async Task What_is_no_age_is_refused(string age)
    {
        var result = await SluiceAsync(2, "gc", "--older-than", age);

        Assert.Contains("is not an age like", result.StandardError, StringComparison.Ordinal);
    }

    private Task<string> EditAsync(string content) => Repository.CommitAsync(("data/raw.txt", content));

    [GeneratedRegex("""(?<before>"stored_at": ?")\d{4}""")]
    private static partial Regex StoredAt();
}
