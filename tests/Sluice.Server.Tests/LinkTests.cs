using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>Symbolic links that a task leaves: followed inside its folders only, whatever part of a path they stand for.</summary>
public sealed class LinkTests : IDisposable
{
    private readonly TempFolder _outside = new();

    public LinkTests()
    {
        Directory.CreateDirectory(_outside["data"]);
        File.WriteAllText(_outside["mine"], "mine");
        File.WriteAllText(_outside["data/o"], "mine");
    }

    public void Dispose() => _outside.Dispose();

    [Theory]
    [InlineData("o/", "ln -s ELSEWHERE data/o")]
    [InlineData("mine", "rm -rf data; ln -s ELSEWHERE data")]
    [InlineData("sub/mine", "rm -rf data/sub; ln -s ELSEWHERE data/sub")]
    [InlineData("o", "cd ..; rm -rf work; ln -s ELSEWHERE work")]
    [InlineData("o/", "mkdir data/o; ln -s ELSEWHERE data/o/x")]
    [InlineData("o/", "mkdir data/o; ln -s ELSEWHERE/mine data/o/x")]
    public async Task What_lies_outside_is_neither_taken_nor_moved(string output, string command)
    {
        var run = await RunAsync(output, command);

        Assert.Equal("failed", run.Status);
        Assert.Contains("leads out of its working folder", run.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(_outside["mine"]));
        Assert.Equal("mine", await File.ReadAllTextAsync(_outside["data/o"]));
    }

    [Theory]
    [InlineData("rm -rf \"$LOGS_OUTPUT_PATH\"; ln -s ELSEWHERE \"$LOGS_OUTPUT_PATH\"; echo 1 > data/o")]
    [InlineData("ln -s ELSEWHERE \"$METADATA_OUTPUT_PATH/x\"; echo 1 > data/o")]
    public async Task Logs_and_metadata_outside_are_left_out_with_a_warning(string command)
    {
        var run = await RunAsync("o", command);

        Assert.Equal("succeeded", run.Status);
        Assert.Contains(run.Warnings, warning => warning.Contains("leads out of its working folder", StringComparison.Ordinal));
        Assert.Equal("mine", await File.ReadAllTextAsync(_outside["mine"]));
    }

    [Theory]
    [InlineData("o/", "mkdir data/o; echo 1 > data/o/a; ln -s a data/o/b; ln -s b data/o/c", "o/a o/b o/c")]
    [InlineData("o/", "mkdir -p data/o real/deep; echo 1 > real/deep/x; ln -s ../../real data/o/link", "o/link/deep/x")]
    [InlineData("o/", "mkdir real; echo 1 > real/x; ln -s ../real data/o", "o/x")]
    [InlineData("a, b", "echo 1 > data/a; ln -s a data/b", "a b")]
    public async Task Links_inside_are_followed(string output, string command, string files)
    {
        using var repository = await RepositoryAsync(output, command);
        await using var job = await EmbeddedJob.OpenAsync(repository);

        var run = await job.RunAsync();

        Assert.Equal(files, string.Join(' ', (await job.Sluice.Api.GetCommitAsync("job", run.Commit)).Files.Select(file => file.Path)));
    }

    [Fact]
    public async Task A_circle_of_links_is_told()
    {
        var run = await RunAsync("o/", "mkdir data/o; ln -s .. data/o/up");

        Assert.Contains("a symbolic link to a folder around it", run.Error, StringComparison.Ordinal);
    }

    private async Task<Client.RunView> RunAsync(string output, string command)
    {
        using var repository = await RepositoryAsync(output, command);
        await using var job = await EmbeddedJob.OpenAsync(repository);
        return await job.RunAsync();
    }

    private Task<TestRepository> RepositoryAsync(string output, string command) => TestRepository.CreateAsync(("dependencies.yaml", $"""
        a:
          outputs: [{output}]
          code: []
          command: |
            {command.Replace("ELSEWHERE", _outside.Path, StringComparison.Ordinal)}
        """));
}
