namespace Sluice.Cli.Tests;

/// <summary>What <c>--help</c> prints.</summary>
public sealed class HelpTests : CheckoutFixture
{
    private const int Width = 80;

    [Fact]
    public async Task Every_page_fits_a_terminal_with_each_option_on_one_line()
    {
        var root = await PageAsync();
        var commands = root.SkipWhile(line => line != "Commands:").Skip(1).Where(line => line.Length > 0).Select(line => line.Trim().Split(' ')[0]).ToList();
        var pages = new List<string>(root);
        foreach (var command in commands)
        {
            pages.AddRange(await PageAsync(command));
        }

        Assert.True(commands.Count > 15);
        Assert.DoesNotContain(pages, line => line.Length > Width);
        Assert.DoesNotContain(pages, line => line.StartsWith("     ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gc", false)]
    [InlineData("serve", false)]
    [InlineData("runs", true)]
    public async Task A_service_is_offered_where_it_is_not_refused(string command, bool isOffered) =>
        Assert.Equal(isOffered, (await PageAsync(command)).Any(line => line.Contains("--server", StringComparison.Ordinal)));

    private async Task<string[]> PageAsync(params string[] command) =>
        (await SluiceAsync(0, [.. command, "--help"])).StandardOutput.Split('\n');
}
