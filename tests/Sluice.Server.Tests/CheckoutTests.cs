using Sluice.Server.Hosting;
using Sluice.Testing;

namespace Sluice.Server.Tests;

public sealed class CheckoutTests
{
    [Theory]
    [InlineData("a: {command: x}\n$job:\n\n  # a comment\n  name: nm\nb: {command: x}\n")]
    [InlineData("$job:\r\n  name: nm\r\n\r\na: {command: x}\r\n")]
    [InlineData("\uFEFF$job: {name: nm}")]
    [InlineData("$job: {\n  name: nm\n}\na: {command: x}\n")]
    [InlineData("\"$job\": {name: nm}\n")]
    [InlineData("$job : {name: nm}\n")]
    [InlineData("a: &a {command: &n nm}\n$job: {name: *n}\n")]
    [InlineData("{\n$job: {name: nm},\na: {command: x}\n}\n")]
    [InlineData("$job:x: {command: x}\n$job: {name: nm}\n")]
    [InlineData("$job: {name: nm, colour: blue}\na: {inputs: 5}\n")]
    public async Task The_name_of_the_job_is_found_however_it_is_written(string manifest) => Assert.Equal("nm", await NameAsync(manifest));

    [Theory]
    [InlineData("a: {command: x}\n")]
    [InlineData("a: {command: 'echo $job'}\n")]
    [InlineData("$job: {defaults: {retries: 1}}\n")]
    [InlineData("$job: {name: NOT LEGAL}\n")]
    [InlineData("$job: {name: nm\n")]
    public async Task There_is_no_name_where_none_is_legal(string manifest) => Assert.Null(await NameAsync(manifest));

    private static async Task<string?> NameAsync(string manifest)
    {
        using var repository = await TestRepository.CreateAsync(("dependencies.yaml", manifest));
        return (await Checkout.FindAsync(repository.Path, TestContext.Current.CancellationToken))!.JobName;
    }
}
