using Sluice.Testing;

namespace Sluice.Cli.Tests;

/// <summary>What <c>sluice get</c> gets, and where it puts it.</summary>
public sealed class GetTests : CheckoutFixture
{
    [Fact]
    public async Task The_files_of_a_folder_keep_their_path_below_it_and_their_executable_bit()
    {
        await SluiceAsync(0, "run");

        foreach (var (asked, to) in new[] { ("b", "out"), ("b/", "out/"), ("data/b/", "out/deeper") })
        {
            await SluiceAsync(0, "get", asked, "-o", Folder[to]);

            Assert.Equal("HELLO\n", await File.ReadAllTextAsync(Path.Combine(Folder[to], "x/f")));
            Assert.Equal("tool\n", await File.ReadAllTextAsync(Path.Combine(Folder[to], "y/f")));
        }

        Assert.True(File.GetUnixFileMode(Folder["out/y/f"]).HasFlag(UnixFileMode.UserExecute));
        Assert.False(File.GetUnixFileMode(Folder["out/x/f"]).HasFlag(UnixFileMode.UserExecute));
    }

    [Fact]
    public async Task Two_files_with_one_place_are_refused_before_any_is_written()
    {
        await SluiceAsync(0, "run");

        var result = await SluiceAsync(2, "get", "a.txt", "b/x/f", "b/y/f", "-o", Folder["out"]);

        Assert.Contains("'b/x/f' and 'b/y/f' would both become", result.StandardError, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder["out"]));
    }

    [Fact]
    public async Task A_wrong_target_is_a_mistake_and_no_defect()
    {
        await SluiceAsync(0, "run");
        await File.WriteAllTextAsync(Folder["file"], "mine");

        foreach (var (asked, to) in new[] { ("a.txt", "/proc/no"), ("a.txt", Folder["file/below"]), ("a.txt b/x/f", Folder["file"]), ("b/", Folder["file"]), ("a.txt", "") })
        {
            var result = await SluiceAsync(2, ["get", .. asked.Split(' '), "-o", to]);

            Assert.DoesNotContain("defect", result.StandardError, StringComparison.Ordinal);
        }

        Assert.Equal("mine", await File.ReadAllTextAsync(Folder["file"]));
    }

    [Fact]
    public async Task Of_a_commit_with_a_part_of_its_job_it_is_said_that_only_a_part_ran()
    {
        await SluiceAsync(0, "run");
        await Repository.CommitAsync(("data/raw.txt", "second\n"));
        await SluiceAsync(0, "run", "data/a.txt");

        var head = await SluiceAsync(2, "get", "a.txt", "-o", "-");
        var newest = await new SluiceCommand(Repository, State) { Folder = "/" }.RunAsync(0, "--job", "my-job", "get", "a.txt", "-o", "-");

        Assert.Contains("only a part of the job ran for it", head.StandardError, StringComparison.Ordinal);
        Assert.Equal("HELLO\n", newest.StandardOutput);
    }

    [Theory]
    [InlineData("HEAD..HEAD")]
    [InlineData("")]
    [InlineData("nope")]
    public async Task What_is_no_revision_is_said_to_be_none(string revision)
    {
        var result = await SluiceAsync(2, "get", "a.txt", "--rev", revision);

        Assert.Contains("is not a revision", result.StandardError, StringComparison.Ordinal);
    }
}
