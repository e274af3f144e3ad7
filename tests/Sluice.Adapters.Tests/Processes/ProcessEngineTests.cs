using Sluice.Adapters.Processes;
using Sluice.Core.Running;
using Sluice.Testing;

namespace Sluice.Adapters.Tests.Processes;

public sealed class ProcessEngineTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly IEngine _engine = ProcessServices.CreateEngine(
        new ProcessOptions { Grace = TimeSpan.FromMilliseconds(300), Supervisor = [SluiceBinary.Path, Supervisor.Command] }, TimeProvider.System);

    private string Log => _folder["log"];

    public void Dispose()
    {
        ((IDisposable)_engine).Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Both_outputs_are_logged_in_order_and_the_status_is_told()
    {
        var outcome = await RunAsync("echo out; echo err >&2; echo out again; exit 7");

        Assert.Equal(7, outcome.ExitCode);
        Assert.Equal("exit status 7", outcome.Error);
        Assert.Equal("out\nerr\nout again\n", await File.ReadAllTextAsync(Log));
    }

    [Fact]
    public async Task The_environment_is_what_was_asked_for_and_little_more()
    {
        await RunAsync("env | cut -d= -f1 | grep -vE '^(_|PWD|OLDPWD|SHLVL|SLUICE_PROCESS_TAG|VIRTUAL_ENV|CONDA_PREFIX|CUDA_VISIBLE_DEVICES)$' | sort");

        Assert.Equal("A\nPATH\n", await File.ReadAllTextAsync(Log));
    }

    [Fact]
    public async Task A_signal_is_told_by_its_name()
    {
        var outcome = await RunAsync("kill -9 $$");

        Assert.Equal(137, outcome.ExitCode);
        Assert.Contains("SIGKILL", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-program", "there is no program 'no-such-program'")]
    [InlineData("/etc/passwd", "it is not executable")]
    public async Task A_program_that_cannot_be_run_is_named(string program, string words)
    {
        var outcome = await _engine.RunAsync(Request([program]), default);

        Assert.Null(outcome.ExitCode);
        Assert.Contains(words, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_background_child_does_not_hold_up_the_end_and_does_not_survive_it()
    {
        var outcome = await RunAsync("sleep 600 & echo $! ; (setsid sh -c 'echo $$; exec sleep 600' &) ; sleep 0.2");

        Assert.Null(outcome.Error);
        Assert.All(await File.ReadAllLinesAsync(Log), pid => Assert.False(IsAlive(pid)));
    }

    [Fact]
    public async Task A_timeout_ends_the_whole_tree_also_one_that_ignores_sigterm()
    {
        var outcome = await RunAsync("trap '' TERM; (trap '' TERM; echo $$; while :; do sleep 1; done) & echo $!; while :; do sleep 1; done", TimeSpan.FromMilliseconds(500));

        Assert.Contains("timeout", outcome.Error, StringComparison.Ordinal);
        Assert.All(await File.ReadAllLinesAsync(Log), pid => Assert.False(IsAlive(pid)));
    }

    [Fact]
    public async Task A_cancelled_command_gets_sigterm_first()
    {
        using var cancel = new CancellationTokenSource();
        var running = _engine.RunAsync(Request(["/bin/sh", "-c", "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done"]), cancel.Token);
        await Eventually.TrueAsync(() => File.Exists(Log) && File.ReadAllText(Log).Contains("ready", StringComparison.Ordinal));

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.EndsWith("bye\n", await File.ReadAllTextAsync(Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_is_cut_with_a_note_and_the_command_goes_on()
    {
        var request = Request(["/bin/sh", "-c", "head -c 200000000 /dev/zero; echo end >&2; exit 3"]) with { MaxLogBytes = 1000 };

        var outcome = await _engine.RunAsync(request, default);

        Assert.Equal(3, outcome.ExitCode);
        Assert.InRange(new FileInfo(Log).Length, 1000, 1200);
        Assert.Contains("the log is cut here", await File.ReadAllTextAsync(Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_commands_at_once_do_not_disturb_each_other()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => _engine.RunAsync(
            Request(["/bin/sh", "-c", $"(echo {number}; sleep 0.01) | cat; exit {number % 3}"]) with { LogPath = _folder[$"log{number}"] }, default)));

        Assert.Equal(Enumerable.Range(0, 200).Select(number => (int?)(number % 3)), outcomes.Select(outcome => outcome.ExitCode));
        Assert.All(Enumerable.Range(0, 200), number => Assert.Equal($"{number}\n", File.ReadAllText(_folder[$"log{number}"])));
    }

    [Fact]
    public async Task A_command_that_removes_its_own_folder_ends_as_any_other()
    {
        Directory.CreateDirectory(_folder["work"]);

        var outcome = await _engine.RunAsync(Request(["/bin/sh", "-c", "rm -rf \"$PWD\"; exit 0"]) with { WorkFolder = _folder["work"] }, default);

        Assert.Null(outcome.Error);
    }

    private static bool IsAlive(string pid) =>
        File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z", StringComparison.Ordinal);

    private Task<CommandOutcome> RunAsync(string command, TimeSpan? timeout = null) =>
        _engine.RunAsync(Request(["/bin/sh", "-c", command]) with { Timeout = timeout }, default);

    private CommandRequest Request(string[] argv) => new()
    {
        Argv = [.. argv],
        WorkFolder = _folder.Path,
        Variables = new Dictionary<string, string> { ["A"] = "1" },
        LogPath = Log,
    };
}
