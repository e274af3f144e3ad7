using System.Globalization;
using Sluice.Testing;

namespace Sluice.Adapters.Tests.Git;

/// <summary>git takes any number for a date; the nearest that .NET has is what the revision says.</summary>
public sealed class CommitDateTests
{
    [Theory]
    [InlineData("1700000000 +0200", "2023-11-15T00:13:20+02:00")]
    [InlineData("1700000000 -0330", "2023-11-14T18:43:20-03:30")]
    [InlineData("1700000000 +1500", "2023-11-15T12:13:20+14:00")]
    [InlineData("1700000000 -7500", "2023-11-14T08:13:20-14:00")]
    [InlineData("253402300800 +0000", "9999-12-31T09:59:59+00:00")]
    [InlineData("99999999999999999999 +0000", "9999-12-31T09:59:59+00:00")]
    [InlineData("-99999999999 +0000", "0001-01-01T14:00:00+00:00")]
    [InlineData("today", "1970-01-01T00:00:00+00:00")]
    public async Task Every_committer_date_has_a_date(string written, string read)
    {
        using var mirrors = new TestMirrors();
        using var origin = await TestRepository.CreateAsync(("f", "1"));
        var commit = await origin.GitAsync("cat-file", "commit", "HEAD");
        var lines = commit.Split('\n').Select(line => line.StartsWith("committer ", StringComparison.Ordinal) ? $"committer T <t@example.test> {written}" : line);
        origin.Write("commit", string.Join('\n', lines) + "\n");
        await origin.GitAsync("reset", "--quiet", "--hard", await origin.GitAsync("hash-object", "--literally", "-t", "commit", "-w", "commit"));
        var repository = await mirrors.OpenAsync(origin);

        var revision = await repository.ReadRevisionAsync((await repository.ResolveAsync(null, default)).Commit, default);

        Assert.Equal(read, revision.CommitDate.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture));
    }
}
