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

        Assert.Equal(["b -> a -> b", "c -> c", "e -> d -> e"], exception.Mistakes.Select(it => it.Problem[(it.Problem.LastIndexOf(": ", StringComparison.Ordinal) + 2)..^1]));
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
            Doubtful = new HashSet<(string, string)> { ("a", "outputs"), ("$job", "code_dir") },
            Clashing = new HashSet<DataPath> { new(RepoPath.Trusted("p"), false) },
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

    [Theory]
    [InlineData("out", "out/", "add a final '/'")]
    [InlineData("out/", "out", "leave out the final '/'")]
    [InlineData("out", "out/x", "add a final '/'")]
    public void An_input_that_is_a_folder_where_its_producer_has_a_file_or_the_reverse_is_a_mistake(string input, string output, string advice)
    {
        var exception = Assert.Throws<BrokenRepositoryException>(() => Resolve(["src/job/a", "src/job/b"], Task("a", [], [output]), Task("b", [input], [])));

        Assert.Contains("nobody produces its input", Assert.Single(exception.Mistakes).Problem, StringComparison.Ordinal);
        Assert.Contains(advice, exception.Mistakes[0].Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fold", "fold/x", "is a file, and 'data/fold' a folder")]
    [InlineData("x.csv/", "x.csv", "is a folder, and 'data/x.csv' a file")]
    [InlineData("x.csv/y", "x.csv", "lies below 'data/x.csv', which is a file")]
    [InlineData("X.csv", "x.csv", "and 'data/x.csv' of the repository differ only by case")]
    [InlineData("Fold/", "fold/x", "and 'data/fold' of the repository differ only by case")]
    public void An_output_that_cannot_be_beside_the_source_files_is_a_mistake(string output, string source, string words)
    {
        var exception = Assert.Throws<BrokenRepositoryException>(() => Resolve([$"data/{source}", "src/job/a"], Task("a", [source], [output])));

        Assert.Contains(words, Assert.Single(exception.Mistakes).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_and_environment_have_nothing_of_the_data_folder_and_no_parameters()
    {
        string[] files = ["data/o", "data/x", "files/y", "lib", "params.yaml"];
        var job = Resolve(
            files,
            new Manifest
            {
                Settings = new JobSettings { DataFolder = RepoPath.Trusted("files"), EnvironmentFiles = ["*"] },
                Tasks = [Task("a", [], ["o"]) with { Code = ["**"] }, Task("b", [], []) with { Code = ["**"], Params = ["p"] }],
            });

        Assert.Equal(["lib", "params.yaml"], job.Tasks[0].Code.Files.Select(file => file.Path.Value));
        Assert.Equal(["lib", "params.yaml"], job.Tasks[0].EnvironmentFiles.Files.Select(file => file.Path.Value));
        Assert.Equal(["lib"], job.Tasks[1].Code.Files.Select(file => file.Path.Value));
        Assert.Equal(["lib"], job.Tasks[1].EnvironmentFiles.Files.Select(file => file.Path.Value));
    }

    [Theory]
    [InlineData("src/lib", "Write 'src/lib/**'")]
    [InlineData("data/*", "Declare them as inputs")]
    [InlineData("none", "relative to the root")]
    public void A_pattern_without_a_file_comes_with_what_would_be_right(string pattern, string advice)
    {
        var exception = Assert.Throws<BrokenRepositoryException>(() => Resolve(["data/x", "src/lib/a"], Task("a", [], []) with { Code = [pattern] }));

        Assert.Contains(advice, Assert.Single(exception.Mistakes).Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data/code", "data")]
    [InlineData("data/code", "files")]
    [InlineData("src", "src")]
    public void A_code_folder_in_the_data_folder_is_a_mistake(string code, string data)
    {
        var exception = Assert.Throws<BrokenRepositoryException>(() => Resolve(
            [$"{code}/a"],
            new Manifest { Settings = new JobSettings { CodeFolder = RepoPath.Trusted(code), DataFolder = RepoPath.Trusted(data) }, Tasks = [Task("a", [], ["o"])] }));

        Assert.Contains("lies in the data folder", Assert.Single(exception.Mistakes).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_committed_copy_of_an_output_is_no_source()
    {
        var job = Resolve(["data/o", "src/job/a", "src/job/b"], Task("a", [], ["o"]), Task("b", ["o"], []));

        Assert.Empty(job.Tasks[1].Inputs[0].Sources);
        Assert.Equal(["data/o"], job.Copies.Select(path => path.Value));
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
        CommitDate = default,
        Files = [.. files.Order(StringComparer.Ordinal).Select(path => new RevisionFile(RepoPath.Trusted(path), RevisionFileKind.Regular, path))],
    };
}
