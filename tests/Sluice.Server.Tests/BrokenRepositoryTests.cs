using Sluice.Core.Jobs;
using Sluice.Testing;

namespace Sluice.Server.Tests;

/// <summary>Mistakes in a repository, through all that reads it (contract, "A broken repository").</summary>
public sealed class BrokenRepositoryTests
{
    [Fact]
    public async Task Every_mistake_of_every_kind_is_told_at_once_at_its_place_and_none_twice()
    {
        var mistakes = await MistakesAsync(
            ("dependencies.yaml", """
                a:
                  inputs: [gone.csv]
                  outputs: [a.csv]
                  code: [nothing/**, src/**]
                  comand: x
                b:
                  inputs:
                    - a.csv
                    - c.csv
                  outputs: [b.csv]
                  command: ""
                  code: [src/**]
                  params: [known, unknown]
                c: {inputs: [b.csv], outputs: [c.csv], command: x, script: no.py}
                d: {outputs: [a.csv], command: x, code: [src/**]}
                $job:
                  shared: [none/**]
                """),
            ("params.yaml", "known: 1\n"),
            ("src/x", ""));

        Assert.Equal(
            [
                "2:12 nobody produces its input 'gone.csv'",
                "4:10 the pattern 'nothing/**'",
                "5:3 there is no field 'comand'",
                "11:12 'command' is empty",
                "13:19 no key 'unknown'",
                "14:14 circle of 2",
                "14:60 its script 'src/job/no.py'",
                "15:15 two producers",
                "17:12 the pattern 'none/**'",
            ],
            mistakes);
    }

    [Fact]
    public async Task A_task_that_is_a_text_has_no_outputs_that_an_input_could_mean() => Assert.Equal(
        ["1:14 nobody produces its input 'x'", "2:4 Task 'e': it is not a mapping."],
        await MistakesAsync(("dependencies.yaml", "c: {inputs: [x], outputs: [p], command: x, code: [dependencies.yaml]}\ne: 12\n")));

    [Fact]
    public async Task A_circle_is_told_beside_two_producers_where_it_does_not_depend_on_them() => Assert.Equal(
        ["2:14 circle of 2", "2:31 two producers"],
        await MistakesAsync(("dependencies.yaml", """
            a: {inputs: [b], outputs: [a, o], command: x, code: [dependencies.yaml]}
            b: {inputs: [a], outputs: [b, o], command: x, code: [dependencies.yaml]}
            """)));

    [Fact]
    public async Task A_manifest_that_is_known_from_before_has_its_mistakes_at_their_places()
    {
        using var repository = await TestRepository.CreateAsync(
            ("dependencies.yaml", "a: {inputs: [x, y], command: x, code: [dependencies.yaml]}\n"), ("data/x", ""), ("data/y", ""));
        await using var job = await EmbeddedJob.OpenAsync(repository);
        await job.PlanAsync();
        File.Delete(Path.Combine(repository.Path, "data", "y"));
        await repository.CommitAsync();

        var mistake = Assert.Single((await Assert.ThrowsAsync<BrokenRepositoryException>(() => job.PlanAsync())).Mistakes);

        Assert.Equal((1, 17), (mistake.Line, mistake.Column));
    }

    [Fact]
    public async Task Mistakes_of_both_files_are_told_at_once() => Assert.Equal(
        ["1:26 nobody produces its input 'x'", "2:1 is there twice"],
        await MistakesAsync(
            ("dependencies.yaml", "a: {command: x, inputs: [x], code: [dependencies.yaml], params: [b]}\n"), ("params.yaml", "a: 1\na: 2\n")));

    [Fact]
    public async Task A_key_with_a_dot_of_its_own_cannot_be_listed() => Assert.Equal(
        ["1:46 no key 'a.b'"],
        await MistakesAsync(
            ("dependencies.yaml", "a: {command: x, code: ['params.*'], params: [a.b]}\n"), ("params.yaml", "\"a.b\": 7\n")));

    // Place and the telling words of each.
    private static async Task<IEnumerable<string>> MistakesAsync(params (string Path, string Content)[] files)
    {
        using var repository = await TestRepository.CreateAsync(files);
        await using var job = await EmbeddedJob.OpenAsync(repository);
        string[] words =
        [
            "nobody produces its input 'gone.csv'", "the pattern 'nothing/**'", "there is no field 'comand'", "circle of 2", "'command' is empty",
            "no key 'unknown'", "no key 'a.b'", "its script 'src/job/no.py'", "two producers", "the pattern 'none/**'", "nobody produces its input 'x'", "is there twice",
        ];

        var exception = await Assert.ThrowsAsync<BrokenRepositoryException>(() => job.PlanAsync());

        return [.. exception.Mistakes.Select(it => $"{it.Line}:{it.Column} {words.FirstOrDefault(known => it.Problem.Contains(known, StringComparison.Ordinal)) ?? it.Problem}")];
    }
}
