using Sluice.Core.Running;
using Xunit;

namespace Sluice.Testing.Engines;

/// <summary>What every engine owes that runs a command on this machine.</summary>
public abstract class EngineContract : IDisposable
{
    /// <summary>The engine; its grace time is short.</summary>
    protected abstract ICommandEngine Engine { get; }

    /// <summary>A folder for the work and the logs.</summary>
    protected TempFolder Folder { get; } = new();

    /// <summary>How many commands at once are enough to disturb each other.</summary>
    protected virtual int Many => 200;

    /// <summary>Where the output goes.</summary>
    protected string Log => Folder["log"];

    /// <inheritdoc/>
    public void Dispose()
    {
        (Engine as IDisposable)?.Dispose();
        Folder.Dispose();
        GC.SuppressFinalize(this);
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
        var outcome = await Engine.RunAsync(Request([program]), default);

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
    public async Task The_end_of_a_command_does_not_end_what_another_has_started_and_hidden()
    {
        // A daemon: orphaned, in a session of its own, without the variables of its command.
        var first = Engine.RunAsync(Request(["/bin/sh", "-c", "(setsid env -i sh -c 'echo $$ > pid; sleep 600' &); until [ -e go ]; do sleep 0.02; done; kill -0 $(cat pid)"]), default);
        await Eventually.TrueAsync(() => File.Exists(Folder["pid"]));
        await RunAsync("true");
        await File.WriteAllTextAsync(Folder["go"], "");

        Assert.Null((await first).Error);
        Assert.False(IsAlive((await File.ReadAllTextAsync(Folder["pid"])).Trim()));
    }

    [Fact]
    public async Task A_cancelled_command_gets_sigterm_first()
    {
        using var cancel = new CancellationTokenSource();
        var running = Engine.RunAsync(Request(["/bin/sh", "-c", "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done"]), cancel.Token);
        await Eventually.TrueAsync(() => File.Exists(Log) && File.ReadAllText(Log).Contains("ready", StringComparison.Ordinal));

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.EndsWith("bye\n", await File.ReadAllTextAsync(Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_is_cut_with_a_note_and_the_command_goes_on()
    {
        var request = Request(["/bin/sh", "-c", "head -c 200000000 /dev/zero; echo end >&2; exit 3"]) with { MaxLogBytes = 1000 };

        var outcome = await Engine.RunAsync(request, default);

        Assert.Equal(3, outcome.ExitCode);
        Assert.InRange(new FileInfo(Log).Length, 1000, 1200);
        Assert.Contains("the log is cut here", await File.ReadAllTextAsync(Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_commands_at_once_do_not_disturb_each_other()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, Many).Select(number => Engine.RunAsync(
            Request(["/bin/sh", "-c", $"(echo {number}; sleep 0.01) | cat; exit {number % 3}"]) with { LogPath = Folder[$"log{number}"] }, default)));

        Assert.Equal(Enumerable.Range(0, Many).Select(number => (int?)(number % 3)), outcomes.Select(outcome => outcome.ExitCode));
        Assert.All(Enumerable.Range(0, Many), number => Assert.Equal($"{number}\n", File.ReadAllText(Folder[$"log{number}"])));
    }

    /// <summary>Runs a shell command.</summary>
    protected Task<CommandOutcome> RunAsync(string command, TimeSpan? timeout = null) =>
        Engine.RunAsync(Request(["/bin/sh", "-c", command]) with { Timeout = timeout }, default);

    /// <summary>A request to run a program in the folder.</summary>
    protected virtual CommandRequest Request(string[] argv) => new()
    {
        Argv = [.. argv],
        WorkFolder = Folder.Path,
        Variables = new Dictionary<string, string> { ["A"] = "1", ["TMPDIR"] = Folder[Path.GetRandomFileName()] },
        LogPath = Log,
    };

    /// <summary>Whether a process, as its command saw it, is there and no zombie.</summary>
    protected virtual bool IsAlive(string pid) =>
        File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z", StringComparison.Ordinal);
}
