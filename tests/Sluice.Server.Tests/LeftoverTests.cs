using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>What a task leaves behind in its folders disturbs nobody, neither now nor after a restart.</summary>
public sealed class LeftoverTests
{
    [Theory]
    [InlineData("echo 1 > \"$(printf 'bad\\377')\"; echo 1 > data/o")]
    [InlineData("mkdir \"$TMPDIR/$(printf 'bad\\377')\"; touch \"$TMPDIR/$(printf 'bad\\377')/x\"; echo 1 > data/o")]
    [InlineData("mkdir -p x/y; touch x/y/z; chmod 000 x/y; echo 1 > data/o")]
    [InlineData("cd \"$HOME\"; n=$(printf '%0200d' 1); for i in $(seq 40); do mkdir $n; cd $n; done; cd \"$DATA_OUTPUT_PATH\"; echo 1 > o")]
    public async Task A_task_that_leaves_odd_things_succeeds_and_so_does_the_next(string command)
    {
        using var repository = await RepositoryAsync(command);
        await using var job = await EmbeddedJob.OpenAsync(repository);

        var first = await job.RunAsync();
        await job.ReopenAsync();
        await repository.CommitAsync(("code", "2"));
        var second = await job.RunAsync();

        Assert.Equal(["executed", "executed"], first.Tasks!.Select(task => task.State));
        Assert.Equal(["executed", "executed"], second.Tasks!.Select(task => task.State));
    }

    [Theory]
    [InlineData("mkdir data/o; touch \"data/o/$(printf 'bad\\377')\"", "whose name is not UTF-8")]
    [InlineData("mkdir data/o; cd data/o; n=$(printf '%0200d' 1); for i in $(seq 40); do mkdir $n; cd $n; done; touch x", "at a path of more than")]
    public async Task An_output_that_cannot_be_named_fails_its_task_and_no_other(string command, string words)
    {
        using var repository = await RepositoryAsync(command, "o/");
        await using var job = await EmbeddedJob.OpenAsync(repository);

        var run = await job.RunAsync();

        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.Equal(["failed", "executed"], run.Tasks!.Select(task => task.State));
    }

    [Fact]
    public async Task A_folder_output_is_the_tasks_own_to_make_and_an_empty_one_is_there_for_who_reads_it()
    {
        using var repository = await TestRepository.CreateAsync(("dependencies.yaml", """
            none: {outputs: [none/], code: [], command: 'true'}
            empty: {outputs: [deep/empty/], code: [], command: mkdir data/deep/empty}
            reads: {inputs: [deep/empty/], outputs: [list], code: [], command: ls data/deep/empty > data/list}
            """));
        await using var job = await EmbeddedJob.OpenAsync(repository);

        var run = await job.RunAsync();

        Assert.Contains("did not write its declared output 'none/'", run.Error, StringComparison.Ordinal);
        Assert.Equal(["failed", "executed", "executed"], run.Tasks!.Select(task => task.State));
    }

    [Fact]
    public async Task A_file_that_the_producer_of_its_folder_did_not_write_fails_its_reader()
    {
        using var repository = await TestRepository.CreateAsync(("dependencies.yaml", """
            make: {outputs: [o/], code: [], command: mkdir data/o}
            read: {inputs: [o/gone.csv], outputs: [p], code: [], command: touch data/p}
            """));
        await using var job = await EmbeddedJob.OpenAsync(repository);

        var run = await job.RunAsync();

        Assert.Contains("its input 'o/gone.csv' is not there", run.Error, StringComparison.Ordinal);
        Assert.Equal(["executed", "failed"], run.Tasks!.Select(task => task.State));
    }

    private static Task<TestRepository> RepositoryAsync(string command, string output = "o") => TestRepository.CreateAsync(
        ("dependencies.yaml", $"""
            odd:
              outputs: [{output}]
              code: [code]
              command: |
                {command}
            other: {"{outputs: [other], code: [code], command: cp code data/other}"}
            """),
        ("code", "1"));
}
