using Sluice.Core.Jobs;

namespace Sluice.Core.Tests.Jobs;

public sealed class RepoPathTests
{
    [Theory]
    [InlineData('a', 255, true)]
    [InlineData('a', 256, false)]
    [InlineData('é', 127, true)]
    [InlineData('é', 128, false)]
    [InlineData('語', 85, true)]
    [InlineData('語', 86, false)]
    public void A_part_has_as_many_bytes_as_a_file_system_takes(char character, int count, bool expected) =>
        Assert.Equal(expected, RepoPath.Check($"a/{new string(character, count)}/b", out _) is null);

    [Theory]
    [InlineData('a', 204, true)]
    [InlineData('a', 205, false)]
    [InlineData('é', 102, true)]
    [InlineData('é', 103, false)]
    public void A_path_has_at_most_1024_bytes(char character, int count, bool expected) =>
        Assert.Equal(expected, RepoPath.Check(string.Join('/', Enumerable.Repeat(new string(character, count), 5)), out _) is null);
}
