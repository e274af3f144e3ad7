using System.Text;
using CsCheck;
using Sluice.Adapters.Yaml;
using Sluice.Core.Jobs;

namespace Sluice.Adapters.Tests.Yaml;

public sealed class YamlManifestReaderTests
{
    private static readonly string[] Pieces =
        ["a", ":", " ", "\n", "{", "}", "[", "]", "&x", "*x", "<<", "- ", "!t", "'", "\"", "|", "$job", "command", "~", "0"];

    [Fact]
    public void A_file_of_the_original_service_works_unchanged()
    {
        var manifest = Read("""
            train.py:
              inputs:
                - X_train.csv
                - y_train.csv
              outputs: [trained_model.pkl]
              image: liabifano/job
              command: python src/job/train.py
            deploy.py:
              inputs: []
              outputs:
              image: liabifano/job
              command: [./deploy, --now]
            """);

        Assert.Equal(["train.py", "deploy.py"], manifest.Tasks.Select(task => task.Name.Value));
        Assert.Equal(["/bin/sh", "-c", "python src/job/train.py"], manifest.Tasks[0].Command.Argv);
        Assert.Equal(["./deploy", "--now"], manifest.Tasks[1].Command.Argv);
        Assert.True(manifest.Tasks[1].IsEffect);
    }

    [Fact]
    public void Optional_fields_and_defaults_are_read()
    {
        var manifest = Read("""
            $job:
              name: my-job
              defaults: {retries: 2, env: {A: 1}}
            a:
              command: x
              env: {B: true, C: 1.50}
              timeout: 1h30m
              cache: false
              resources: {cpu: 500m, memory: 1Gi, gpu: 1}
              params: [train.lr]
            """);
        var task = manifest.Tasks.Single();

        Assert.Equal("my-job", manifest.Settings.Name?.Value);
        Assert.Equal([("A", "1"), ("B", "true"), ("C", "1.50")], task.Variables.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(TimeSpan.FromMinutes(90), task.Timeout);
        Assert.Equal(2, task.Retries);
        Assert.False(task.IsCacheable);
        Assert.Equal(new TaskResources("500m", "1Gi", 1), task.Resources);
    }

    [Theory]
    [InlineData("a: {comand: x, command: y}", "Did you mean 'command'?")]
    [InlineData("a: {command: 3}", "'command' is '3'")]
    [InlineData("a: {command: ''}", "'command' is empty")]
    [InlineData("a: {command: []}", "empty list")]
    [InlineData("a: {inputs: x, command: y}", "Write a list")]
    [InlineData("a: {outputs: /abs, command: y}", "Write a list")]
    [InlineData("a: {code: /abs/**, command: y}", "Write a list")]
    [InlineData("a: {inputs: [../../etc/passwd], command: y}", "has a '..' in it")]
    [InlineData("a: {inputs: [/etc/passwd], command: y}", "is absolute")]
    [InlineData("a: {inputs: ['a\\b'], command: y}", "has a backslash")]
    [InlineData("a: {inputs: ['s3://b/c'], command: y}", "has a scheme")]
    [InlineData("a: {outputs: ['*.csv'], command: y}", "reserved for a later release")]
    [InlineData("a: {matrix: {}, command: y}", "'matrix' is reserved")]
    [InlineData("a: {network: bridge, command: y}", "'network' is 'bridge'")]
    [InlineData("a: {command: 'echo ${{ x }}'}", "reserved for a later release")]
    [InlineData("a: {command: y, timeout: 10}", "like 90s")]
    [InlineData("a: {command: y, timeout: null}", "'timeout' is empty. Write a time like 90s")]
    [InlineData("$job: {data_dir: .}", "'data_dir' is the root of the repository. Name a folder below it.")]
    [InlineData("$job: {code_dir: ./}", "'code_dir' is the root of the repository. Name a folder below it.")]
    [InlineData("a: {command: y, retries: '1,000'}", "from 0 to 100")]
    [InlineData("a: {command: y, retries: -1}", "from 0 to 100")]
    [InlineData("a: {command: y, env: {SLUICE_RUN: x}}", "'env' names 'SLUICE_RUN'")]
    [InlineData("a: {command: y, image: '--privileged'}", "'image' is '--privileged'")]
    [InlineData("a: {command: y}\na: {command: z}", "is there twice; the first is in line 1")]
    [InlineData("a: {command: y}\nA: {command: z}", "differ only by case")]
    [InlineData("a: {command: y}\na/b: {command: z}", "named like a folder")]
    [InlineData("a: {command: y, outputs: [o]}\nb: {command: z, outputs: [o]}", "two producers, the tasks 'a' and 'b'")]
    [InlineData("a: {command: y, outputs: [o/]}\nb: {command: z, outputs: [o/p]}", "lies inside the output 'o/' of task 'a'")]
    [InlineData("a: {command: y, outputs: [o, O]}", "differ only by case")]
    [InlineData("--help: {command: y}", "begins with '-'")]
    [InlineData("a:\n\tcommand: y", "not YAML")]
    [InlineData("a: !!python/object {command: y}", "Tags are not supported")]
    [InlineData("- a", "not a mapping of tasks")]
    [InlineData("a: {command: y}\n---\nb: {command: z}", "second YAML document")]
    [InlineData("a: {command: \"x\0y\"}", "control character")]
    [InlineData("a: *x", "names no anchor")]
    [InlineData("- :", "value is missing")]
    public void A_mistake_is_told_with_its_place_and_what_would_be_right(string yaml, string words)
    {
        var mistakes = Assert.Throws<BrokenRepositoryException>(() => Read(yaml)).Mistakes;

        var mistake = Assert.Single(mistakes);
        Assert.Contains(words, mistake.ToString(), StringComparison.Ordinal);
        Assert.True(mistake.Line > 0);
        Assert.NotEmpty(mistake.Advice);
    }

    [Theory]
    [InlineData("a.sh:\n  outputs: [o\n  command: x\n", "3:3")]
    [InlineData("a.sh: {outputs: [o]\nb.sh:\n  command: x\n", "2:1")]
    [InlineData("a.sh:\n  outputs: [o\n  command: x]\n", "3:3")]
    public void A_bracket_that_nothing_closes_is_told_where_reading_stopped(string yaml, string place)
    {
        var mistake = Assert.Single(Assert.Throws<BrokenRepositoryException>(() => Read(yaml)).Mistakes);

        Assert.Equal(place, $"{mistake.Line}:{mistake.Column}");
        Assert.Contains("a bracket or a quote that nothing closes", mistake.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_too_long_for_a_folder_of_logs_is_a_mistake()
    {
        var mistakes = Assert.Throws<BrokenRepositoryException>(() => Read($"{new string('é', 150)}: {{command: x}}\n{new string('a', 201)}: {{command: x}}")).Mistakes;

        Assert.Equal(["has a part of more than 255 bytes", "is longer than 200 characters"], mistakes.Select(it => it.Problem[(it.Problem.IndexOf("name ", StringComparison.Ordinal) + 5)..^1]));
    }

    [Fact]
    public void Every_mistake_is_told_at_once_in_the_order_of_the_file()
    {
        var mistakes = Assert.Throws<BrokenRepositoryException>(() => Read("""
            a: {comand: x}
            b:
              command: y
              inputs: [../x, "a\\b"]
              retries: many
            """)).Mistakes;

        Assert.Equal([1, 4, 4, 5], mistakes.Select(mistake => mistake.Line));
    }

    [Fact]
    public void Tasks_with_mistakes_of_their_own_are_seen_by_the_checks_across_tasks()
    {
        var mistakes = Assert.Throws<BrokenRepositoryException>(() => Read("""
            a: {outputs: [o], command: 3}
            b: {outputs: [p, o], command: x}
            B: {outputs: p/q, command: x}
            """)).Mistakes;

        Assert.Equal(
            [(1, 28, "'command' is '3'"), (2, 18, "two producers"), (3, 1, "only by case"), (3, 14, "Write a list"), (3, 14, "lies inside")],
            mistakes.Select(it => (it.Line, it.Column, Words(it))));

        string Words(Mistake mistake) => new[] { "'command' is '3'", "two producers", "only by case", "Write a list", "lies inside" }
            .Single(words => mistake.ToString().Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void A_mistake_that_tasks_share_counts_once()
    {
        var mistakes = Assert.Throws<BrokenRepositoryException>(() => Read("""
            a: &base {command: x, retries: many}
            b: {<<: *base}
            c: {<<: *base}
            """)).Mistakes;

        Assert.Single(mistakes);
    }

    [Theory]
    [InlineData("a: {command: x, outputs: ['*.csv']}", "a", "outputs")]
    [InlineData("a: {command: x, ouputs: [o]}", "a", "outputs")]
    [InlineData("a: {command: x, script: [s]}", "a", "script")]
    [InlineData("a: [o]", "a", "outputs")]
    [InlineData("a:", "a", "outputs")]
    [InlineData("$job: {code_dir: /x}", "$job", "code_dir")]
    [InlineData("$job: [x]", "$job", "data_dir")]
    [InlineData("a: {command: x}\na: {command: x}", "$job", "outputs")]
    public void Nothing_follows_from_what_could_not_be_read(string yaml, string owner, string field) =>
        Assert.Contains((owner, field), YamlServices.CreateManifestReader().Examine(Encoding.UTF8.GetBytes(yaml)).Doubtful);

    [Fact]
    public void Anchors_aliases_and_merge_keys_are_expanded()
    {
        var manifest = Read("""
            a: &base {command: x, env: {A: 1}, inputs: &files [f, g]}
            b:
              <<: *base
              command: y
            c: {command: z, inputs: *files}
            """);

        Assert.Equal(["x", "y", "z"], manifest.Tasks.Select(task => task.Command.ToString()));
        Assert.All(manifest.Tasks, task => Assert.Equal(2, task.Inputs.Length));
    }

    [Fact]
    public void An_alias_bomb_is_refused()
    {
        var bomb = "l0: &l0 [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat(
            Enumerable.Range(1, 12).Select(level => $"l{level}: &l{level} [{string.Join(',', Enumerable.Repeat($"*l{level - 1}", 10))}]\n"));

        var mistakes = Assert.Throws<BrokenRepositoryException>(() => Read(bomb)).Mistakes;

        Assert.Contains("once its aliases are expanded", mistakes[0].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_and_the_number_of_tasks_are_limited()
    {
        var deep = Assert.Throws<BrokenRepositoryException>(() => Read(new string('[', 100_000)));
        var many = Assert.Throws<BrokenRepositoryException>(() => Read(string.Concat(Enumerable.Range(0, 100_001).Select(number => $"t{number}: {{command: x}}\n"))));

        Assert.Contains("nested", deep.Message, StringComparison.Ordinal);
        Assert.Contains("100,001 tasks", many.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_thousand_tasks_may_merge_thirty_values_each()
    {
        var yaml = new StringBuilder("base: &b {command: x, env: {");
        yaml.AppendJoin(", ", Enumerable.Range(0, 14).Select(number => $"V{number}: {number}")).Append("}}\n");
        foreach (var number in Enumerable.Range(1, 99_999))
        {
            yaml.Append('t').Append(number).Append(": {<<: *b, command: y}\n");
        }

        var tasks = Read(yaml.ToString()).Tasks;

        Assert.Equal(100_000, tasks.Length);
        Assert.Equal(14, tasks[^1].Variables.Count);
    }

    [Fact]
    public void Random_bytes_give_mistakes_and_nothing_worse() => Gen.OneOf(
            Gen.Byte.Array[0, 200],
            Gen.Int[0, Pieces.Length - 1].Select(index => Pieces[index])
                .Array[0, 60].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))))
        .Sample(
            bytes =>
            {
                try
                {
                    YamlServices.CreateManifestReader().Read(bytes);
                }
                catch (BrokenRepositoryException exception)
                {
                    Assert.NotEmpty(exception.Mistakes);
                }
            },
            iter: 3_000);

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_name() =>
        Assert.Equal("a", Read("\uFEFFa: {command: x}").Tasks.Single().Name.Value);

    private static Manifest Read(string yaml) => YamlServices.CreateManifestReader().Read(Encoding.UTF8.GetBytes(yaml));
}
