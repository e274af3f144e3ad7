using System.Collections.Immutable;
using Sluice.Core.Jobs;
using Sluice.Core.Revisions;

namespace Sluice.Core.Tests.Jobs;

public sealed class JobResolverTests
{
    private static readonly JobName Name = JobName.Parse("job");
    private static readonly RevisionFile ManifestFile = new(RepoPath.Trusted("dependencies.yaml"), RevisionFileKind.Regular, "m");

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
    public void Every_cycle_is_told()
    {
        var exception = Assert.Throws<BrokenRepositoryException>(() => Resolve(
            ["src/job/a", "src/job/b", "src/job/c", "src/job/d", "src/job/e"],
            Task("a", ["b"], ["a"]),
            Task("b", ["a"], ["b"]),
            Task("c", ["c", "a"], ["c"]),
            Task("d", ["c", "e"], ["d"]),
            Task("e", ["d"], ["e"])));

        Assert.Equal(["b -> a -> b", "c -> c", "e -> d -> e"], exception.Mistakes.Select(it => it.Problem[(it.Problem.IndexOf(": ", StringComparison.Ordinal) + 2)..^1]));
    }

    [Fact]
    public void A_pattern_that_matches_nothing_is_told_of_each_task_and_of_settings_that_no_task_uses()
    {
        var manifest = new Manifest
        {
            Settings = new JobSettings { Shared = ["nothing/**"], EnvironmentFiles = ["no.lock"] },
            Tasks = [.. new[] { "a", "b" }.Select((name, index) => Task(name, [], []) with { Code = ["none"], EnvironmentFiles = [], Position = new SourcePosition(index, 1) })],
        };

        var exception = Assert.Throws<BrokenRepositoryException>(() => Resolve([], manifest));

        Assert.Equal(
            ["$job: the pattern 'nothing/**'", "$job: the pattern 'no.lock'", "Task 'a': the pattern 'none'", "Task 'b': the pattern 'none'"],
            exception.Mistakes.Select(it => it.Problem[..it.Problem.IndexOf(" of", StringComparison.Ordinal)]));
    }

    [Fact]
    public void What_could_not_be_read_is_the_cause_of_no_further_mistake()
    {
        var reading = new ManifestReading
        {
            Manifest = new Manifest { Tasks = [Task("a", ["gone"], ["o", "p"]), Task("b", ["o", "c"], ["p"]), Task("c", ["p"], ["c"])] },
            Doubtful = new HashSet<(string, string)> { ("a", "outputs"), ("b", ManifestReading.Clash), ("$job", "code_dir") },
        };

        Assert.Empty(JobResolver.Examine(Name, reading, ManifestFile, RevisionOf([])).Mistakes);
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

    private static ResolvedJob Resolve(string[] files, params JobTask[] tasks) => Resolve(files, new Manifest { Tasks = [.. tasks] });

    private static ResolvedJob Resolve(string[] files, Manifest manifest) => JobResolver.Resolve(Name, manifest, ManifestFile, RevisionOf(files));

    private static Revision RevisionOf(string[] files) => new()
    {
        Commit = CommitId.Parse(new string('a', 40)),
        TreeId = "",
        CommitDate = default,
        Files = [.. files.Order(StringComparer.Ordinal).Select(path => new RevisionFile(RepoPath.Trusted(path), RevisionFileKind.Regular, path))],
    };
}
