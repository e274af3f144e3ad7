using System.Text.Json;
using CliWrap.Buffered;
using Sluice.Testing;

namespace Sluice.Cli.Tests;

/// <summary>The real command in a real checkout (contract, section 5).</summary>
public sealed class CommandTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private TestRepository _repository = null!;

    public async ValueTask InitializeAsync() => _repository = await TestRepository.CreateAsync(
        ("dependencies.yaml", """
            $job: {name: my-job}
            a.py: {inputs: [raw.txt], outputs: [a.txt], command: "tr a-z A-Z < data/raw.txt | tee data/a.txt; printf '\\033[31mred'"}
            b.py: {inputs: [a.txt], outputs: [b/], command: mkdir data/b && cp data/a.txt data/b/copy.txt}
            """),
        ("src/my-job/a.py", ""),
        ("src/my-job/b.py", ""),
        ("data/raw.txt", "hello\n"));

    public ValueTask DisposeAsync()
    {
        _repository.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_job_is_run_looked_at_and_its_results_are_got()
    {
        var run = await SluiceAsync(0, "run");
        var again = await SluiceAsync(0, "run");

        Assert.Contains("2 executed", run.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("nothing to run", again.StandardOutput, StringComparison.Ordinal);
        Assert.All(run.StandardOutput.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        Assert.Equal("HELLO\n", (await SluiceAsync(0, "get", "b/copy.txt", "-o", "-")).StandardOutput);
        Assert.Equal("HELLO\n␛[31mred", (await SluiceAsync(0, "log", "a.py")).StandardOutput);
        Assert.Contains("my-job", (await SluiceAsync(0, "jobs")).StandardOutput, StringComparison.Ordinal);
        Assert.Contains("succeeded", (await SluiceAsync(0, "runs")).StandardOutput, StringComparison.Ordinal);
        Assert.Contains("nothing to run", (await SluiceAsync(0, "status")).StandardOutput, StringComparison.Ordinal);
        Assert.Contains("new task", (await SluiceAsync(0, "why")).StandardOutput, StringComparison.Ordinal);
        Assert.Contains("kind: Workflow", (await SluiceAsync(0, "render")).StandardOutput, StringComparison.Ordinal);
        Assert.Contains("0 damaged", (await SluiceAsync(0, "verify")).StandardOutput, StringComparison.Ordinal);
        Assert.Contains("would delete 0", (await SluiceAsync(0, "gc")).StandardOutput, StringComparison.Ordinal);
        Assert.Contains("0 record(s) could not be read", (await SluiceAsync(0, "reindex")).StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_has_an_exit_code_and_names_what_it_leaves_out()
    {
        _repository.Write("src/my-job/a.py", "edited");

        var plan = await SluiceAsync(3, "plan", "--exit-code");
        var json = JsonDocument.Parse((await SluiceAsync(0, "plan", "--json")).StandardOutput).RootElement;

        Assert.Contains("left out: src/my-job/a.py", plan.StandardError, StringComparison.Ordinal);
        Assert.Equal(["run", "may_run"], json.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("planned").GetString()));
    }

    [Fact]
    public async Task A_plan_says_what_a_person_should_know_beside_it()
    {
        await _repository.CommitAsync(("data/a.txt", "a committed copy"));

        Assert.Contains("warning: data/a.txt: committed copies of outputs are not read", (await SluiceAsync(0, "plan")).StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_is_for_the_engine_that_is_named_and_a_service_has_its_own()
    {
        var containers = await SluiceAsync(2, "plan", "--engine", "container");
        var service = await SluiceAsync(2, "plan", "--engine", "container", "--server", "http://127.0.0.1:1");

        Assert.Contains("has no image, and this engine runs tasks in images", containers.StandardError, StringComparison.Ordinal);
        Assert.Contains("leave --engine out", service.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_is_told_apart_by_diff_why_and_dag()
    {
        await SluiceAsync(0, "run");
        await _repository.CommitAsync(("data/raw.txt", "bye\n"));
        await SluiceAsync(0, "run");

        Assert.Contains("3 file(s) differ", (await SluiceAsync(0, "diff")).StandardOutput, StringComparison.Ordinal);
        Assert.Contains("input raw.txt", (await SluiceAsync(0, "why", "a.py")).StandardOutput, StringComparison.Ordinal);
        Assert.Contains("\"a.py\" -> \"b.py\";", (await SluiceAsync(0, "dag", "--format", "dot")).StandardOutput, StringComparison.Ordinal);
        Assert.Contains("t0 --> t1", (await SluiceAsync(0, "dag", "--format", "mermaid")).StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_task_is_exit_code_1_and_says_where_its_log_is()
    {
        await _repository.CommitAsync(("dependencies.yaml", "$job: {name: my-job}\na.py: {outputs: [o], command: 'echo why; exit 3'}\n"));

        var run = await SluiceAsync(1, "run");

        Assert.Contains("exit status 3", run.StandardError, StringComparison.Ordinal);
        Assert.Contains("sluice log a.py", run.StandardError, StringComparison.Ordinal);
        Assert.Equal("why\n", (await SluiceAsync(0, "log", "a.py")).StandardOutput);
    }

    [Theory]
    [InlineData("rnu")]
    [InlineData("run --ref --help-me")]
    [InlineData("run --ref nope")]
    [InlineData("run --engine argo")]
    [InlineData("run no-such-task")]
    [InlineData("run --force no-such-task")]
    [InlineData("sync --ref nope")]
    [InlineData("why nothing")]
    [InlineData("log")]
    [InlineData("get nothing.txt")]
    [InlineData("dag --format png")]
    [InlineData("gc --older-than soon")]
    [InlineData("verify --sample 200%")]
    [InlineData("-C /no/such/folder run")]
    [InlineData("--job BAD run")]
    [InlineData("serve --urls http://0.0.0.0:80")]
    public async Task A_mistake_is_exit_code_2_with_a_message_and_no_stack_trace(string arguments)
    {
        var result = await SluiceAsync(2, arguments.Split(' '));

        Assert.NotEmpty(result.StandardError);
        Assert.DoesNotContain("   at ", result.StandardError + result.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_exit_code_4() => await SluiceAsync(4, "--server", "http://127.0.0.1:1", "runs");

    [Fact]
    public async Task Every_mistake_of_a_repository_is_listed()
    {
        await _repository.CommitAsync(("dependencies.yaml", "a: {comand: x}\nb: {command: y, inputs: [../x]}\n$job: {name: my-job}\n"));

        var result = await SluiceAsync(2, "plan");

        Assert.Contains("dependencies.yaml:1:5: Task 'a'", result.StandardError, StringComparison.Ordinal);
        Assert.Contains("dependencies.yaml:2:", result.StandardError, StringComparison.Ordinal);
        Assert.Contains("mistakes in the repository", result.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_holds_the_state_folder_is_talked_to()
    {
        await using var service = await TestService.StartAsync();

        var run = await SluiceAsync(0, "--data", service.State, "run");

        Assert.Contains("2 executed", run.StandardOutput, StringComparison.Ordinal);
        Assert.Single((await service.Api.ListRunsAsync(null)).Items);
    }

    [Fact]
    public async Task Gc_and_verify_go_on_beside_a_service_with_a_run()
    {
        await using var service = await TestService.StartAsync();
        await SluiceAsync(0, "--data", service.State, "run");
        await _repository.CommitAsync(("dependencies.yaml", $$"""
            $job: {name: my-job}
            a.py: {inputs: [raw.txt], outputs: [a.txt], command: "until [ -e {{_folder["go"]}} ]; do sleep 0.05; done; cp data/raw.txt data/a.txt"}
            """));
        var running = SluiceAsync(0, "--data", service.State, "run");
        await Eventually.TrueAsync(async () => (await service.Api.ListRunsAsync(null)).Items[0].Counts.ContainsKey("running"));

        var deleted = await SluiceAsync(0, "--data", service.State, "gc", "--keep-commits", "1", "--yes");
        var verified = await SluiceAsync(0, "--data", service.State, "verify", "--json");
        await File.WriteAllTextAsync(_folder["go"], "");

        Assert.Contains("deleted 0 commit(s)", deleted.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("\"damaged\":[]", verified.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("1 executed", (await running).StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_is_not_deterministic_is_found_by_executing_it_again()
    {
        await _repository.CommitAsync(("dependencies.yaml", """
            $job: {name: my-job}
            a.py: {inputs: [raw.txt], outputs: [a.txt], command: cp data/raw.txt data/a.txt}
            b.py: {inputs: [a.txt], outputs: [b.txt], command: "head -c 8 /dev/urandom > data/b.txt"}
            """));
        await SluiceAsync(0, "run");

        var result = await SluiceAsync(1, "verify", "--rerun");

        Assert.Contains("b.py: other bytes in b.txt", result.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("2 task(s) executed again, 1 gave the same bytes", result.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("nothing to run", (await SluiceAsync(0, "run")).StandardOutput, StringComparison.Ordinal);
    }

    private Task<BufferedCommandResult> SluiceAsync(int exitCode, params string[] arguments) =>
        new SluiceCommand(_repository, _folder["state"]).RunAsync(exitCode, arguments);
}
