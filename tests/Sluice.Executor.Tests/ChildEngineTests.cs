using Sluice.Core.Running;
using Sluice.Processes;
using Sluice.Testing.Engines;

namespace Sluice.Executor.Tests;

/// <summary>
/// The engine of a pod: what every engine owes, and what is its own. It takes every child of its process for its own, so that these tests have a
/// process for themselves.
/// </summary>
public sealed class ChildEngineTests : EngineContract
{
    private readonly MemoryStream _echo = new();

    public ChildEngineTests()
    {
        Environment.SetEnvironmentVariable("HIDDEN", "1");
        Engine = ProcessServices.CreateChildEngine("argo", TimeSpan.FromMilliseconds(300), name => name == "HIDDEN", Stream.Synchronized(_echo), TimeProvider.System);
    }

    protected override ICommandEngine Engine { get; }

    [Fact]
    public async Task What_runs_below_a_shell_gets_the_grace_time_too()
    {
        // The shell says on its error output that a sleep of its own was terminated, if that is what it was waiting for.
        var outcome = await RunAsync("/bin/sh -c 'trap \"sleep 0.1; echo cleaned up; exit 0\" TERM; echo ready; while :; do sleep 0.02; done' 2> /dev/null; echo not here", TimeSpan.FromMilliseconds(400));

        Assert.Contains("timeout", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("ready\ncleaned up\n", await File.ReadAllTextAsync(Log));
    }

    [Fact]
    public async Task The_output_is_echoed_as_it_is_logged()
    {
        await RunAsync("echo out; echo err >&2; echo out again");

        Assert.Equal(await File.ReadAllBytesAsync(Log), _echo.ToArray());
    }

    [Fact]
    public async Task The_variables_of_the_image_are_seen_and_those_of_the_pod_are_not()
    {
        await RunAsync("echo $HIDDEN, $A, ${PATH:+a path}");

        Assert.Equal(", 1, a path\n", await File.ReadAllTextAsync(Log));
    }
}
