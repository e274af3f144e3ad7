using System.Text.Json;
using Sluice.Cli.Rendering;

namespace Sluice.Cli.Tests;

/// <summary>What is printed: JSON for scripts, lines that fit a terminal, and outputs that take nothing.</summary>
public sealed class OutputTests : CheckoutFixture
{
    [Theory]
    [InlineData("nope", "usage")]
    [InlineData("run --ref nope", "unknown-revision")]
    [InlineData("log a.py", "no-such-job")]
    [InlineData("--server ftp://x runs", "invalid-server")]
    public async Task With_json_an_error_is_a_problem_document(string arguments, string code)
    {
        var problem = await JsonAsync(2, arguments.Split(' '));

        Assert.Equal("urn:sluice:problem:" + code, problem.GetProperty("type").GetString());
        Assert.InRange(problem.GetProperty("status").GetInt32(), 400, 404);
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task With_json_every_mistake_of_a_repository_is_in_the_document()
    {
        await Repository.CommitAsync(("dependencies.yaml", "$job: {name: my-job}\na: {comand: x}\nb: {command: y, inputs: [../x]}\n"));

        var problem = await JsonAsync(2, "plan");

        Assert.True(problem.GetProperty("errors").GetArrayLength() >= 2);
    }

    [Fact]
    public async Task Every_look_has_json()
    {
        await SluiceAsync(0, "run");

        Assert.Equal("", (await JsonAsync(0, "log", "a.py")).GetProperty("log").GetString());
        Assert.StartsWith("apiVersion:", (await JsonAsync(0, "render")).GetProperty("manifest").GetString(), StringComparison.Ordinal);
        Assert.Equal("a.txt", (await JsonAsync(0, "get", "a.txt", "-o", Folder["a"])).GetProperty("files")[0].GetProperty("path").GetString());
        foreach (var look in new[] { "status", "plan", "why", "runs", "jobs", "dag", "verify", "gc", "reindex" })
        {
            Assert.NotEqual(JsonValueKind.Undefined, (await JsonAsync(0, look)).ValueKind);
        }
    }

    [Theory]
    [InlineData("$sluice runs >&-")]
    [InlineData("$sluice runs >/dev/full")]
    [InlineData("$sluice runs --json >/dev/full")]
    public async Task An_output_that_takes_nothing_is_no_defect(string script)
    {
        var result = await Sluice.ShellAsync(script);

        Assert.Equal(4, result.ExitCode);
        Assert.StartsWith("sluice: The standard output takes nothing:", result.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_keeps_its_exit_code_where_nobody_hears_of_it() =>
        Assert.Equal(2, (await Sluice.ShellAsync("$sluice nope 2>/dev/full")).ExitCode);

    [Fact]
    public async Task Without_a_command_there_is_help()
    {
        var result = await SluiceAsync(2);

        Assert.Contains("sluice [command]", result.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_carriage_return_of_a_log_ends_a_line()
    {
        await Repository.CommitAsync(("dependencies.yaml", """
            $job: {name: my-job}
            a.py: {outputs: [o], command: "printf '\\r10%%\\r20%%\\r\\ndone\\r\\n' | tee data/o"}
            """));
        await SluiceAsync(0, "run");

        Assert.Equal("10%\n20%\ndone\n", (await SluiceAsync(0, "log", "a.py")).StandardOutput);
    }

    [Fact]
    public async Task A_name_in_a_dot_file_has_no_escapes_but_those_of_dot()
    {
        await Repository.CommitAsync(("dependencies.yaml", """
            $job: {name: my-job}
            "été 'x' <b> \"q\"": {outputs: [o], code: [dependencies.yaml], command: echo > data/o}
            """));

        Assert.Contains("""  "été 'x' <b> \"q\"";""", (await SluiceAsync(0, "dag", "--format", "dot")).StandardOutput, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", 5, "plain")]
    [InlineData("plainer", 5, "plai…")]
    [InlineData("表の名前", 8, "表の名前")]
    [InlineData("表の名前", 7, "表の名…")]
    [InlineData("表の名前", 6, "表の…")]
    [InlineData("😀😀😀", 4, "😀…")]
    [InlineData("a\u0301bcd", 3, "a\u0301b…")]
    [InlineData("x\ty", 5, "x y")]
    public void A_text_is_cut_by_the_cells_that_it_takes(string text, int width, string expected) => Assert.Equal(expected, Terminal.Cut(text, width));

    [Theory]
    [InlineData("train.py", 8, "train.py")]
    [InlineData("features/train.py", 9, "feat…n.py")]
    [InlineData("表の名前の表", 8, "表の…表")]
    [InlineData("abcde\u0301", 4, "ab…e\u0301")]
    public void A_name_is_cut_in_its_middle(string name, int width, string expected) => Assert.Equal(expected, Terminal.CutMiddle(name, width));

    [Fact]
    public async Task A_command_to_copy_is_on_one_line_of_any_terminal()
    {
        await Repository.CommitAsync(("dependencies.yaml", "$job: {name: my-job}\na.py: {outputs: [o], command: exit 3}\n"));

        var result = await Sluice.ShellAsync("script -qefc \"stty cols 30; $sluice run\" /dev/null </dev/null");

        Assert.Matches("  log: sluice log a\\.py --run [^ \r\n]+\r?\n", result.StandardOutput);
    }

    [Theory]
    [InlineData("one two three", 80, "one two three")]
    [InlineData("one two three", 8, "one two|  three")]
    [InlineData("  - one two three", 9, "  - one|    two|    three")]
    [InlineData("a unbreakable", 6, "a|  unbreakable")]
    [InlineData("表の 名前 x", 7, "表の|  名前|  x")]
    [InlineData("      ", 3, "      ")]
    public void A_line_is_broken_between_words(string text, int width, string expected) =>
        Assert.Equal(expected, string.Join('|', Terminal.Wrap(text, width)));

    [Theory]
    [InlineData("train.py", "train.py")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's $(x)", @"'it'\''s $(x)'")]
    public void A_name_is_one_word_of_a_shell(string name, string expected) => Assert.Equal(expected, ShellWord.Quote(name));
}
