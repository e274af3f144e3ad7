using Sluice.Processes;
using Sluice.Core.Running;
using Sluice.Testing;
using Sluice.Testing.Engines;

namespace Sluice.Adapters.Tests.Processes;

/// <summary>The process engine: what every engine owes, and what is its own.</summary>
public sealed class ProcessEngineTests : EngineContract
{
    protected override ICommandEngine Engine { get; } = ProcessServices.CreateEngine(
        new ProcessOptions { Grace = TimeSpan.FromMilliseconds(300), Supervisor = [SluiceBinary.Path, Supervisor.Command] }, TimeProvider.System);

    [Fact]
    public async Task What_runs_below_a_shell_gets_the_grace_time_too()
    {
        // The shell says on its error output that a sleep of its own was terminated, if that is what it was waiting for.
        var outcome = await RunAsync("/bin/sh -c 'trap \"sleep 0.1; echo cleaned up; exit 0\" TERM; echo ready; while :; do sleep 0.02; done' 2> /dev/null; echo not here", TimeSpan.FromMilliseconds(400));

        Assert.Contains("timeout", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("ready\ncleaned up\n", await File.ReadAllTextAsync(Log));
    }

    [Fact]
    public async Task The_environment_is_what_was_asked_for_and_little_more()
    {
        await RunAsync("env | cut -d= -f1 | grep -vE '^(_|PWD|OLDPWD|SHLVL|VIRTUAL_ENV|CONDA_PREFIX|CUDA_VISIBLE_DEVICES)$' | sort");

        Assert.Equal("A\nPATH\nTMPDIR\n", await File.ReadAllTextAsync(Log));
    }

    [Fact]
    public async Task A_command_that_kills_the_supervisor_disturbs_others_once_and_leaves_nothing_behind()
    {
        var other = Engine.RunAsync(Request(["/bin/sh", "-c", "echo $$ > pid; sleep 600"]), default);
        await Eventually.TrueAsync(() => File.Exists(Folder["pid"]) && new FileInfo(Folder["pid"]).Length > 0);

        await Assert.ThrowsAsync<EngineFailedException>(() => RunAsync("kill -9 $PPID; sleep 600"));
        await Assert.ThrowsAsync<EngineFailedException>(() => other);
        var alone = await Engine.RunAsync(Request(["/bin/sh", "-c", "kill -9 $PPID; sleep 600"]) with { IsAlone = true }, default);

        Assert.False(IsAlive((await File.ReadAllTextAsync(Folder["pid"])).Trim()));
        Assert.Contains("killed the supervisor", alone.Error, StringComparison.Ordinal);
        Assert.Null((await RunAsync("true")).Error);
    }

    [Fact]
    public async Task A_command_that_removes_its_ownFolder_ends_as_any_other()
    {
        Directory.CreateDirectory(Folder["work"]);

        var outcome = await Engine.RunAsync(Request(["/bin/sh", "-c", "rm -rf \"$PWD\"; exit 0"]) with { WorkFolder = Folder["work"] }, default);

        Assert.Null(outcome.Error);
    }
}
