using Sluice.Core.Running;

namespace Sluice.Core.Tests.Running;

public sealed class MissingFileHintTests
{
    private static readonly string[] Files = ["data/lookup.csv", "data/up.csv", "src/job/helpers.py"];

    [Theory]
    [InlineData("FileNotFoundError: [Errno 2] No such file or directory: 'data/lookup.csv'", "data/lookup.csv")]
    [InlineData("ModuleNotFoundError: No module named 'helpers'", "src/job/helpers.py")]
    [InlineData("cat: data/other.csv: No such file or directory", null)]
    [InlineData("lookup.csv has 3 rows", null)]
    public void The_file_that_a_complaint_names_is_found(string log, string? expected) => Assert.Equal(expected, MissingFileHint.Find(log, Files));
}
