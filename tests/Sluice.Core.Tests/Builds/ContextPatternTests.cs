using Sluice.Core.Builds;
using Sluice.Core.Jobs;

namespace Sluice.Core.Tests.Builds;

public sealed class ContextPatternTests
{
    [Theory]
    [InlineData(".", "a/b", true)]
    [InlineData("./", "a", true)]
    [InlineData("/", "a", true)]
    [InlineData("../..", "a", true)]
    [InlineData("src", "src/a.py", true)]
    [InlineData("./src/", "src/x/a.py", true)]
    [InlineData("/src", "src/a.py", true)]
    [InlineData("x/../src", "src/a.py", true)]
    [InlineData("src", "src2/a.py", false)]
    [InlineData("src", "lib/src/a.py", false)]
    [InlineData("*.py", "a.py", true)]
    [InlineData("*.py", "src/a.py", false)]
    [InlineData("sr?", "src/a.py", true)]
    [InlineData("**/*.py", "a.py", true)]
    [InlineData("**/*.py", "x/y/a.py", true)]
    [InlineData("src/**", "src/x/a.py", true)]
    [InlineData("[a-c].txt", "b.txt", true)]
    [InlineData("[^a-c].txt", "b.txt", false)]
    [InlineData(@"a\*", "a*", true)]
    [InlineData(@"a\*", "ab", false)]
    [InlineData("a+(b)|c$", "a+(b)|c$", true)]
    [InlineData("a.c", "abc", false)]
    public void A_pattern_matches_as_builds_do_with_all_below(string pattern, string path, bool expected) =>
        Assert.Equal(expected, ContextPattern.Parse(pattern)!.IsMatch(RepoPath.Trusted(path)));

    [Theory]
    [InlineData(@"[\]")]
    [InlineData("[z-a]")]
    public void What_is_no_pattern_is_told(string pattern) => Assert.Null(ContextPattern.Parse(pattern));

    [Theory]
    [InlineData("*a")]
    [InlineData("?*")]
    public void What_is_too_large_to_match_with_is_told(string part) => Assert.Null(ContextPattern.Parse(string.Concat(Enumerable.Repeat(part, 50_000)) + "b"));

    [Fact]
    public void A_nasty_pattern_takes_no_longer_than_any_other() =>
        Assert.False(ContextPattern.Parse(string.Concat(Enumerable.Repeat("*a", 100)) + "b")!.IsMatch(RepoPath.Trusted(new string('a', 250))));

    [Theory]
    [InlineData("a.md", true)]
    [InlineData("README.md", false)]
    [InlineData("README-secret.md", true)]
    [InlineData("x/a.md", false)]
    [InlineData("x/tmp1/a", true)]
    [InlineData("x/tmp1/keep", false)]
    [InlineData("#a", false)]
    public void The_last_line_that_matches_says_what_is_ignored(string path, bool expected) => Assert.Equal(
        expected, IgnoreFile.Parse("\uFEFF#a\n\n*.md\r\n!README*.md\n README-secret.md \n*/tmp*\n!*/tmp*/keep\n[\\]\n")!.Ignores(RepoPath.Trusted(path)));

    [Theory]
    [InlineData(".")]
    [InlineData("./")]
    [InlineData("/")]
    [InlineData("x/..")]
    public void The_root_is_not_ignored(string line) => Assert.False(IgnoreFile.Parse(line)!.Ignores(RepoPath.Trusted("a")));

    [Fact]
    public void One_with_more_lines_than_people_write_is_not_read() => Assert.Null(IgnoreFile.Parse(string.Concat(Enumerable.Repeat("*a*b\n", 25_000))));
}
