using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Revisions;

namespace Sluice.Core.Tests.Jobs;

public sealed class JobResolverTests
{
    [Fact]
    public void Folders_are_unions_of_sources_and_outputs()
    {
        var job = Resolve(
            ["data/all/s1", "data/all/s2", "src/job/a", "src/job/b", "src/job/c"],
            Task("a", [], ["all/made"]),
            Task("b", ["all/"], ["out/"]),
            Task("c", ["out/deep/x"], []));

        Assert.Equal(["data/all/s1", "data/all/s2"], job.Tasks[1].Inputs[0].Sources.Select(file => file.Path.Value));
        Assert.Equal([0], job.Tasks[1].Upstream);
        Assert.Equal([1], job.Tasks[2].Upstream);
        Assert.Equal([1], job.Tasks[0].Downstream);
    }

    [Fact]
    public void Shared_code_is_one_set_without_the_scripts()
    {
        var job = Resolve(["src/job/a", "src/job/b", "src/job/lib/x", "Dockerfile", "pyproject.toml", "uv.lock"], Task("a", [], ["o"]), Task("b", [], ["p"]));

        Assert.Equal(["src/job/lib/x"], job.Tasks[0].Code.Files.Select(file => file.Path.Value));
        Assert.Same(job.Tasks[0].Code, job.Tasks[1].Code);
        Assert.Equal(["Dockerfile", "uv.lock"], job.Tasks[0].EnvironmentFiles.Files.Select(file => file.Path.Value));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(3000)]
    public void A_cycle_is_spelled_out(int length)
    {
        var tasks = Enumerable.Range(0, length).Select(number => Task($"t{number}", [$"o{(number + length - 1) % length}"], [$"o{number}"])).ToArray();

        var mistake = Assert.Single(Assert.Throws<BrokenRepositoryException>(() => Resolve([.. tasks.Select(task => $"src/job/{task.Name}")], tasks)).Mistakes);

        Assert.Contains($"circle of {length}", mistake.Problem, StringComparison.Ordinal);
        Assert.Contains(" -> ", mistake.Problem, StringComparison.Ordinal);
        Assert.True(mistake.Problem.Length < 500);
    }

    [Fact]
    public void Every_mistake_that_only_the_files_show_is_told_at_once()
    {
        var exception = Assert.Throws<BrokenRepositoryException>(() => Resolve(
            ["data/there", "data/folder/x"],
            Task("a", ["gone", "folder", "there/"], ["o"]),
            Task("b", [], []) with { Code = ["nothing/*"] },
            Task("c", [], []) with { Script = RepoPath.Trusted("missing.py") }));

        Assert.Equal(6, exception.Mistakes.Length);
        Assert.Contains(exception.Mistakes, mistake => mistake.Problem.Contains("neither a script nor 'code'", StringComparison.Ordinal));
        Assert.Contains(exception.Mistakes, mistake => mistake.Advice.Contains("add a final '/'", StringComparison.Ordinal));
        Assert.Contains(exception.Mistakes, mistake => mistake.Problem.Contains("matches no file", StringComparison.Ordinal));
    }

    [Fact]
    public void A_committed_copy_of_an_output_is_no_source()
    {
        var job = Resolve(["data/o", "src/job/a", "src/job/b"], Task("a", [], ["o"]), Task("b", ["o"], []));

        Assert.Empty(job.Tasks[1].Inputs[0].Sources);
        Assert.Single(job.Warnings);
    }

    private static JobTask Task(string name, string[] inputs, string[] outputs) => new()
    {
        Name = new TaskName(name),
        Command = TaskCommand.Shell("x"),
        Inputs = [.. inputs.Select(Data)],
        Outputs = [.. outputs.Select(Data)],
        Position = new SourcePosition(1, 1),
    };

    private static DataPath Data(string text) => new(RepoPath.Trusted(text.TrimEnd('/')), text.EndsWith('/'));

    private static ResolvedJob Resolve(string[] files, params JobTask[] tasks)
    {
        var name = JobName.Parse("job");
        var revision = new Revision
        {
            Commit = CommitId.Parse(new string('a', 40)),
            TreeId = "",
            CommitDate = default,
            Files = [.. files.Order(StringComparer.Ordinal).Select(path => new RevisionFile(RepoPath.Trusted(path), RevisionFileKind.Regular, path))],
        };
        return JobResolver.Resolve(name, new Manifest { Tasks = [.. tasks] }, new RevisionFile(RepoPath.Trusted("dependencies.yaml"), RevisionFileKind.Regular, "m"), revision);
    }
}
