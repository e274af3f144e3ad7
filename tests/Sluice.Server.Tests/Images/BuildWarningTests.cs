using System.Text;
using Sluice.Testing;

namespace Sluice.Server.Tests.Images;

/// <summary>What is told of images that are built from the commit.</summary>
public sealed class BuildWarningTests
{
    private const string Manifest = """
        $job: {defaults: {image: job/image}}
        a.py: {inputs: [x], outputs: [o], command: "cp data/x data/o"}
        b.py: {inputs: [o], outputs: [p], command: "cp data/o data/p"}
        """;

    [Fact]
    public async Task What_a_build_reads_and_nothing_names_is_told_with_its_place()
    {
        var warnings = await WarningsAsync(
            ("Dockerfile", "FROM python:3.12\nCOPY requirements.txt .\nCOPY src src\nCOPY config/*.json /config/\nCOPY $MORE /x\n"),
            ("config/a.json", "1"),
            ("config/b.json", "2"),
            ("config/c.json", "3"),
            ("config/no.txt", "4"));

        Assert.Equal(
            [
                "Dockerfile:4 copies config/a.json, config/b.json and 1 more, which no environment file or code names: a change there runs nothing; list it in environment_files, or keep it out of the image",
                "Dockerfile:5 copies '$MORE', which only the build knows: see that environment_files or code name it",
                "unchecked_closure: what a.py and 1 more may read in the image without declaring it is not noticed: Dockerfile:3 copies 'src'",
            ],
            warnings);
    }

    [Fact]
    public async Task An_image_of_environment_files_alone_is_none_to_warn_of() =>
        Assert.Empty(await WarningsAsync(("Dockerfile", "FROM python:3.12\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n")));

    [Fact]
    public async Task What_is_ignored_is_not_copied_and_what_tasks_read_or_write_is_named()
    {
        var warnings = await WarningsAsync(
            ("Dockerfile", "FROM python:3.12\nCOPY . /app\n"),
            (".dockerignore", "**/*.md\n.*\n"),
            ("README.md", ""),
            ("docs/a.md", ""),
            ("data/p", "a committed copy"));

        Assert.Equal(["unchecked_closure: what a.py and 1 more may read in the image without declaring it is not noticed: Dockerfile:2 copies '.'"], warnings);
    }

    [Fact]
    public async Task The_file_of_its_own_says_what_a_Dockerfile_ignores_and_tasks_say_which_is_theirs()
    {
        var warnings = await WarningsAsync(
            ("dependencies.yaml", """
                $job: {environment_files: [images/train.Dockerfile]}
                a.py: {inputs: [x], outputs: [o], image: job/image, command: "cp data/x data/o"}
                b.py: {inputs: [o], outputs: [p], image: "python:3.12", track_image: false, command: "cp data/o data/p"}
                """),
            ("Dockerfile", "FROM x\nCOPY . .\n"),
            ("images/train.Dockerfile", "FROM x\nCOPY extra /x\nCOPY src/job/b.py /b\n"),
            ("images/train.Dockerfile.dockerignore", "extra/a\n"),
            (".dockerignore", "*\n"),
            ("extra/a", "1"),
            ("extra/b", "2"));

        Assert.Equal(
            [
                "images/train.Dockerfile:2 copies extra/b, which no environment file or code names: a change there runs nothing; list it in environment_files, or keep it out of the image",
                "unchecked_closure: what a.py may read in the image without declaring it is not noticed: images/train.Dockerfile:2 copies 'extra'",
            ],
            warnings);
    }

    [Fact]
    public async Task An_image_nobody_knows_the_making_of_is_unchecked() => Assert.Equal(
        ["unchecked_closure: what a.py and 1 more may read in the image without declaring it is not noticed: it is built for the commit, and no Dockerfile here says from what"],
        await WarningsAsync());

    [Fact]
    public async Task A_Dockerfile_that_no_task_lists_is_told_of()
    {
        var warnings = await WarningsAsync(
            ("dependencies.yaml", "$job: {environment_files: [requirements.txt]}\na.py: {outputs: [o], image: job/image, command: 'echo > data/o'}"),
            ("Dockerfile", "FROM x\nCOPY requirements.txt .\n"));

        Assert.Equal(["Dockerfile builds images of this job and is no environment file: a change there runs nothing; list it in environment_files"], warnings);
    }

    [Fact]
    public async Task One_that_is_too_much_to_look_at_says_so_and_takes_no_time()
    {
        var text = new StringBuilder("FROM x\n");
        for (var line = 0; line < 2000; line++)
        {
            text.Append("COPY src").Append(line).Append(" /x\n");
        }

        Assert.Contains(
            "Dockerfile takes too much from the repository to look at all of it: see that environment_files or code name what it reads",
            await WarningsAsync(("Dockerfile", text.ToString())));
        Assert.Contains(
            "Dockerfile or its .dockerignore is too large to look into: whether the build reads what nothing names is not known",
            await WarningsAsync(("Dockerfile", new string('#', 300_000))));
    }

    [Fact]
    public async Task What_cannot_be_matched_with_is_told_and_cut()
    {
        var warnings = await WarningsAsync(
            ("Dockerfile", $"FROM x\nCOPY {string.Concat(Enumerable.Repeat("*a", 50_000))} /x\nCOPY [z-a] /x\n"));

        Assert.Equal(
            [
                $"Dockerfile:2 copies '{string.Concat(Enumerable.Repeat("*a", 40))}…', which only the build knows: see that environment_files or code name it",
                "Dockerfile:3 copies '[z-a]', which only the build knows: see that environment_files or code name it",
                $"unchecked_closure: what a.py and 1 more may read in the image without declaring it is not noticed: Dockerfile:2 copies '{string.Concat(Enumerable.Repeat("*a", 40))}…'",
            ],
            warnings);
    }

    [Fact]
    public async Task Of_many_Dockerfiles_only_the_first_are_looked_into()
    {
        var warnings = await WarningsAsync(
            [("dependencies.yaml", "$job: {environment_files: [Dockerfile.*]}\na.py: {outputs: [o], image: job/image, command: 'echo > data/o'}"),
            .. Enumerable.Range(10, 30).Select(number => ($"Dockerfile.{number}", "FROM x\nCOPY requirements.txt /x\n"))]);

        Assert.Equal(12, warnings.Count);
        Assert.Equal("Dockerfile.20 and further Dockerfiles are not looked into: only the first 10 of a job are", warnings[10]);
        Assert.EndsWith("Dockerfile.10:2 copies 'requirements.txt'", warnings[11], StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> WarningsAsync(params (string Path, string Text)[] files)
    {
        var all = new Dictionary<string, string>
        {
            ["dependencies.yaml"] = Manifest,
            ["src/job/a.py"] = "",
            ["src/job/b.py"] = "",
            ["src/job/lib.py"] = "",
            ["requirements.txt"] = "",
            ["data/x"] = "1",
        };
        foreach (var (path, text) in files)
        {
            all[path] = text;
        }

        using var repository = await TestRepository.CreateAsync([.. all.Select(pair => (pair.Key, pair.Value))]);
        using var job = new ImageJob(repository);
        return [.. (await job.PlanAsync()).Warnings.Where(warning => !warning.Contains("committed copies", StringComparison.Ordinal))];
    }
}
