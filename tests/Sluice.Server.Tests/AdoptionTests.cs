using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>Which committed outputs are adopted (contract, "Committed outputs"): none that could be stale.</summary>
public sealed class AdoptionTests : IAsyncLifetime
{
    private const string Manifest = """
        $job: {shared: [src/job/lib]}
        clean: {inputs: [raw/], outputs: [clean.csv], command: cat data/raw/* > data/clean.csv}
        train: {inputs: [clean.csv], outputs: [model], command: cat data/clean.csv > data/model}
        """;

    private TestRepository _repository = null!;

    // Everything is committed at once, the outputs too.
    public async ValueTask InitializeAsync() => _repository = await TestRepository.CreateAsync(
        ("dependencies.yaml", Manifest), ("src/job/clean", ""), ("src/job/train", ""), ("src/job/lib", ""), ("Dockerfile", ""),
        ("data/raw/1", "raw"), ("data/raw/2", ""), ("data/clean.csv", "CLEAN"), ("data/model", "MODEL"));

    public ValueTask DisposeAsync()
    {
        _repository.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("README", "adopted adopted")]
    [InlineData("data/raw/1", "executed executed")]
    [InlineData("src/job/clean", "executed executed")]
    [InlineData("src/job/clean data/clean.csv", "adopted executed")]
    [InlineData("data/clean.csv", "adopted executed")]
    [InlineData("src/job/lib", "executed executed")]
    [InlineData("-src/job/lib", "executed executed")]
    [InlineData("-data/raw/2", "executed executed")]
    [InlineData("-Dockerfile", "executed executed")]
    [InlineData("src/job/train", "adopted executed")]
    public async Task A_change_after_the_outputs_were_committed_makes_them_stale(string changed, string states)
    {
        foreach (var path in changed.Split(' '))
        {
            if (path[0] == '-')
            {
                File.Delete(Path.Combine(_repository.Path, path[1..]));
            }
            else
            {
                _repository.Write(path, "changed");
            }
        }

        var manifest = changed == "-src/job/lib" ? Manifest.Replace("[src/job/lib]", "[]", StringComparison.Ordinal) : Manifest;
        await _repository.CommitAsync(("dependencies.yaml", manifest));

        Assert.Equal(states, await RunAsync());
    }

    [Theory]
    [InlineData("clean: {", "# comment\nclean: {", "adopted adopted")]
    [InlineData("cat data/raw/*", "sort data/raw/*", "executed executed")]
    [InlineData("train: {", "train: {script: clean, ", "adopted executed")]
    [InlineData("train: {", "train: {code: [Dockerfile], ", "adopted executed")]
    [InlineData("$job: {", "$job: {environment_files: [], ", "executed executed")]
    public async Task So_does_an_edit_of_what_the_manifest_says_of_the_task(string before, string after, string states)
    {
        await _repository.CommitAsync(("dependencies.yaml", Manifest.Replace(before, after, StringComparison.Ordinal)));

        Assert.Equal(states, await RunAsync());
    }

    [Fact]
    public async Task Outputs_made_on_a_side_branch_with_an_older_helper_are_stale_after_the_merge()
    {
        await _repository.GitAsync("switch", "--quiet", "--create", "side");
        await _repository.CommitAsync(("data/clean.csv", "SIDE"), ("data/model", "SIDE"));
        await _repository.GitAsync("switch", "--quiet", "main");
        await _repository.CommitAsync(("src/job/lib", "newer"));
        await _repository.GitAsync("merge", "--quiet", "--no-edit", "side");

        Assert.Equal("executed executed", await RunAsync());
    }

    [Fact]
    public async Task What_a_failed_run_adopted_counts_no_more_when_everything_is_to_be_computed()
    {
        await _repository.CommitAsync(("dependencies.yaml", Manifest + "\nbad: {outputs: [o], code: [], command: 'false'}\n"));
        await using var job = await EmbeddedJob.OpenAsync(_repository);
        var failed = await job.RunAsync(request => request with { Adopt = true });
        await _repository.CommitAsync(("dependencies.yaml", Manifest));

        var computed = await job.RunAsync();

        Assert.Equal("adopted adopted failed", string.Join(' ', failed.Tasks!.Select(task => task.State)));
        Assert.Equal("executed executed", string.Join(' ', computed.Tasks!.Select(task => task.State)));
    }

    private async Task<string> RunAsync()
    {
        await using var job = await EmbeddedJob.OpenAsync(_repository);
        var run = await job.RunAsync(request => request with { Adopt = true });
        return string.Join(' ', run.Tasks!.Select(task => task.State));
    }
}
