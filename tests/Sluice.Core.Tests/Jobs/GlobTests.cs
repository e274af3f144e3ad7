using Sluice.Core.Jobs;

namespace Sluice.Core.Tests.Jobs;

public sealed class GlobTests
{
    [Theory]
    [InlineData("src/job/*.py", "src/job/a.py", true)]
    [InlineData("src/job/*.py", "src/job/lib/a.py", false)]
    [InlineData("src/job/**", "src/job/lib/a.py", true)]
    [InlineData("src/**/a.py", "src/a.py", true)]
    [InlineData("src/**/a.py", "src/x/y/a.py", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("*", "a/b", false)]
    [InlineData("**", "a/b", true)]
    [InlineData("*a*b*c", "xxaxxbxxc", true)]
    [InlineData("*a*b*c", "xxaxxbxx", false)]
    public void A_pattern_matches_whole_paths(string pattern, string path, bool expected)
    {
        Assert.Null(Glob.Check(pattern, out var glob));
        Assert.Equal(expected, glob!.IsMatch(RepoPath.Trusted(path)));
    }

    [Fact]
    public void A_nasty_pattern_takes_no_longer_than_any_other()
    {
        Glob.Check(string.Concat(Enumerable.Repeat("*a", 100)) + "b", out var glob);

        Assert.False(glob!.IsMatch(RepoPath.Trusted(new string('a', 250))));
    }

    [Theory]
    [InlineData("/etc/*")]
    [InlineData("../*")]
    [InlineData("a/")]
    [InlineData("")]
    public void A_pattern_that_leaves_the_repository_is_refused(string pattern) => Assert.NotNull(Glob.Check(pattern, out _));
}
