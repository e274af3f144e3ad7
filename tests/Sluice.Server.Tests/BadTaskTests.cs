using Sluice.Server.Application;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>Tasks that misbehave: each fails with its reason, or is put right with a warning, and never harms what is stored.</summary>
public sealed class BadTaskTests
{
    [Theory]
    [InlineData("true", "did not write its declared output 'o'")]
    [InlineData("rm -f data/raw.txt; echo x > data/o", "changed or deleted its input 'raw.txt'")]
    [InlineData("chmod u+w data/raw.txt; echo x > data/raw.txt; echo x > data/o", "changed or deleted its input 'raw.txt'")]
    [InlineData("mkfifo data/o", "not a regular file")]
    [InlineData("mkdir data/o", "wrote 'o' as a folder where a file was declared")]
    [InlineData("ln -s /etc/passwd data/o", "leads out of its working folder")]
    [InlineData("ln -s ../../../../../../etc/passwd data/o", "leads out of its working folder")]
    [InlineData("rm -rf \"$PWD\"", "changed or deleted its input 'raw.txt'")]
    [InlineData("cat data/other.txt > data/o", "it most likely wanted 'data/other.txt'")]
    [InlineData("exit 3", "exit status 3")]
    [InlineData("echo x; sleep 0.5; for log in ../../../logs/*/*.log; do rm $log; mkfifo $log; done; exit 3", "exit status 3")]
    [InlineData("for logs in ../../../logs/*; do mkfifo $logs/0.log; done; echo x; exit 3", "not all of its output could be logged")]
    [InlineData("no-such-program", "exit status 127")]
    [InlineData("kill -SEGV $$", "killed by signal 11")]
    [InlineData("kill -9 $PPID; sleep 600", "killed the supervisor of its own processes")]
    public async Task A_task_fails_with_the_reason(string command, string words)
    {
        using var repository = await RepositoryAsync(command);
        await using var job = await EmbeddedJob.OpenAsync(repository);

        var run = await job.RunAsync();

        Assert.Equal("failed", run.Status);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.Equal(["failed", "skipped", "executed"], run.Tasks!.Select(task => task.State));
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(job.State, "store", "job"), "????????????????????????????????????????"));
    }

    [Theory]
    [InlineData("mkfifo $log")]
    [InlineData("ln -s /etc/passwd $log")]
    [InlineData("mkdir $log")]
    public async Task What_a_command_puts_in_the_place_of_its_log_is_not_opened(string puts)
    {
        using var repository = await RepositoryAsync($"echo x; sleep 0.5; for log in ../../../logs/*/0.log; do rm $log; {puts}; done; exit 3");
        await using var job = await EmbeddedJob.OpenAsync(repository);
        var run = await job.RunAsync();

        await using var log = await Task.Run(() => job.Sluice.Api.LogAsync(run.Id, run.Tasks![0].Name)).WaitAsync(TimeSpan.FromSeconds(30));
        await using var followed = new FollowedLog(Path.Combine(job.State, "logs", run.Id, "0.log"), _ => Task.FromResult(true), _ => Task.FromResult(Stream.Null));

        Assert.Equal(0, await log.ReadAsync(new byte[1]));
        Assert.Equal(0, await Task.Run(async () => await followed.ReadAsync(new byte[1])).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData("cp data/raw.txt data/o; echo x > data/extra", "'extra' in data/ is not a declared output and was dropped")]
    [InlineData("cp data/raw.txt data/o; mkfifo \"$LOGS_OUTPUT_PATH/f\"", "not a regular file")]
    public async Task A_task_succeeds_with_a_warning(string command, string words)
    {
        using var repository = await RepositoryAsync(command);
        await using var job = await EmbeddedJob.OpenAsync(repository);

        var run = await job.RunAsync();

        Assert.Equal("succeeded", run.Status);
        Assert.Contains(run.Warnings, warning => warning.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Links_inside_are_followed_folders_may_be_locked_and_executables_stay_so()
    {
        using var repository = await RepositoryAsync("cp data/raw.txt real; chmod 755 real; ln -s ../real data/o; mkdir -p x/y; touch x/y/z; chmod 000 x/y");
        await using var job = await EmbeddedJob.OpenAsync(repository);

        var run = await job.RunAsync();

        Assert.Equal("succeeded", run.Status);
        var stored = Path.Combine(job.State, "store", "job", run.Commit, "data", "o");
        Assert.Equal("raw", await File.ReadAllTextAsync(stored));
        Assert.NotEqual(UnixFileMode.None, File.GetUnixFileMode(stored) & UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Retries_go_on_until_one_succeeds_with_empty_outputs_each_time()
    {
        using var counter = new TempFolder();
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", $"a: {{outputs: [o/], retries: 2, code: [dependencies.yaml], command: 'echo x >> {counter["n"]}; mkdir data/o; touch data/o/$(wc -l < {counter["n"]}); test $(wc -l < {counter["n"]}) = 2'}}"));
        await using var job = await EmbeddedJob.OpenAsync(repository);

        var run = await job.RunAsync();
        var files = (await job.Sluice.Api.GetCommitAsync("job", run.Commit)).Files;

        Assert.Equal([1, 0], run.Tasks![0].Attempts.Select(attempt => attempt.ExitCode ?? -1));
        Assert.Equal(["o/2"], files.Select(file => file.Path));
    }

    [Fact]
    public async Task A_timeout_counts_and_is_told()
    {
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", "a: {outputs: [o], timeout: 1s, code: [dependencies.yaml], command: 'sleep 600'}"));
        await using var job = await EmbeddedJob.OpenAsync(repository);

        var run = await job.RunAsync();

        Assert.Contains("ran longer than its timeout of 1 s", run.Error, StringComparison.Ordinal);
    }

    // The bad task, one that follows it, and one that has nothing to do with it.
    private static Task<TestRepository> RepositoryAsync(string command) => TestRepository.CreateAsync(
        ("dependencies.yaml", $"""
            bad:
              inputs: [raw.txt]
              outputs: [o]
              code: [dependencies.yaml]
              command: |
                {command}
            after: {"{inputs: [o], outputs: [p], code: [dependencies.yaml], command: cp data/o data/p}"}
            other: {"{inputs: [other.txt], outputs: [q], code: [dependencies.yaml], command: cp data/other.txt data/q}"}
            """),
        ("data/raw.txt", "raw"),
        ("data/other.txt", "other"));
}
